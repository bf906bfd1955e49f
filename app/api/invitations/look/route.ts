import { invitationLookSchema } from '@/lib/auth/contract';
import { lookAtInvitation } from '@/lib/auth/invitations';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route(
  { access: 'public', rate: { name: 'sign-in', burst: 20, perMinute: 10 } },
  async ({ request }) => {
    const { token } = await readJson(request, invitationLookSchema);
    return Response.json(await lookAtInvitation(token));
  },
);
