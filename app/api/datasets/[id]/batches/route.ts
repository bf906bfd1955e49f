import { toBatchInfo } from '@/lib/datasets/batch/info';
import { startBatchSchema } from '@/lib/datasets/contract';
import { enqueue } from '@/lib/datasets/jobs';
import { requireDataset } from '@/lib/datasets/sets';
import { newBatch } from '@/lib/datasets/start';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route<{ id: string }, 'curate'>({ access: 'curate' }, async ({ request, params, principal }) => {
  const wanted = await readJson(request, startBatchSchema);
  await requireDataset(principal, params.id);
  const job = await newBatch(principal, params.id, { ...wanted, runner: 'server' });
  enqueue('batches', job);
  return Response.json(toBatchInfo(job), { status: 202 });
});
