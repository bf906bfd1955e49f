import { invitationCreateSchema } from '@/lib/auth/contract';
import { invite, listInvitations } from '@/lib/auth/invitations';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'administer' }, async () => Response.json({ invitations: await listInvitations() }));

export const POST = route({ access: 'administer' }, async ({ request, principal, source }) => {
  const wanted = await readJson(request, invitationCreateSchema);
  return Response.json(await invite(principal, wanted, source), { status: 201 });
});
