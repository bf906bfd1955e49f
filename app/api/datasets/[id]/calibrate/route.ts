import { calibrateSet } from '@/lib/datasets/calibrate';
import { calibrateSchema } from '@/lib/datasets/contract';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route<{ id: string }, 'curate'>({ access: 'curate' }, async ({ request, params, principal }) => {
  const wanted = await readJson(request, calibrateSchema);
  return Response.json(await calibrateSet(principal, params.id, wanted));
});
