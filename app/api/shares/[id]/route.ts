import { sharePatchSchema } from '@/lib/sharing/contract';
import { changeShare, revokeShare } from '@/lib/sharing/manage-shares';
import { readJson } from '@/lib/http/body';
import { clientAddress } from '@/lib/http/client-address';
import { route } from '@/lib/http/route';

type Params = { id: string };

export const PATCH = route<Params, 'chat'>(
  { access: 'chat', rate: { name: 'share', burst: 20, perMinute: 20 } },
  async ({ request, principal, params, requestId }) => {
    const patch = await readJson(request, sharePatchSchema);
    const source = { requestId, address: clientAddress(request) };
    return Response.json(await changeShare(principal, params.id, patch, source));
  },
);

export const DELETE = route<Params, 'chat'>({ access: 'chat' }, async ({ request, principal, params, requestId }) => {
  await revokeShare(principal, params.id, { requestId, address: clientAddress(request) });
  return new Response(null, { status: 204 });
});
