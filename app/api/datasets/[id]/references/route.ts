import { acceptedReferences } from '@/lib/datasets/calibrate';
import { calibrateSchema } from '@/lib/datasets/contract';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

/** Makes a reference set of accepted normal items; its images go into a batch inspection with the mode `references`. */
export const POST = route<{ id: string }, 'curate'>({ access: 'curate' }, async ({ request, params, principal }) => {
  const split = await readJson(request, calibrateSchema);
  return Response.json(await acceptedReferences(principal, params.id, split), { status: 201 });
});
