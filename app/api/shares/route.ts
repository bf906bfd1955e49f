import { shareCreateSchema, shareListQuerySchema } from '@/lib/sharing/contract';
import { createShare, listShares } from '@/lib/sharing/manage-shares';
import { readJson, readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route<Record<string, never>, 'read'>({ access: 'read' }, async ({ request, principal }) => {
  const { conversationId } = readQuery(request, shareListQuerySchema);
  return Response.json({ shares: await listShares(principal, conversationId) });
});

export const POST = route<Record<string, never>, 'share'>(
  { access: 'share', rate: { name: 'share', burst: 20, perMinute: 20 } },
  async ({ request, principal, source }) => {
    const wanted = await readJson(request, shareCreateSchema);
    const created = await createShare(principal, wanted, source);
    return Response.json(created, { status: 201 });
  },
);
