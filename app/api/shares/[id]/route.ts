import { sharePatchSchema } from '@/lib/sharing/contract';
import { changeShare, revokeShare } from '@/lib/sharing/manage-shares';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

type Params = { id: string };

export const PATCH = route<Params, 'share'>(
  { access: 'share', rate: { name: 'share', burst: 20, perMinute: 20 } },
  async ({ request, principal, params, source }) => {
    const patch = await readJson(request, sharePatchSchema);
    return Response.json(await changeShare(principal, params.id, patch, source));
  },
);

export const DELETE = route<Params, 'share'>({ access: 'share' }, async ({ principal, params, source }) => {
  await revokeShare(principal, params.id, source);
  return new Response(null, { status: 204 });
});
