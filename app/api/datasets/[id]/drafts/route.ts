import { startDraftsSchema } from '@/lib/datasets/contract';
import { toDraftJobInfo } from '@/lib/datasets/drafts/info';
import { newDraftJob } from '@/lib/datasets/drafts/start';
import { enqueue } from '@/lib/datasets/jobs';
import { requireDataset } from '@/lib/datasets/sets';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route<{ id: string }, 'curate'>(
  { access: 'curate' },
  async ({ request, params, principal, source }) => {
    const wanted = await readJson(request, startDraftsSchema);
    await requireDataset(principal, params.id);
    const job = await newDraftJob(principal, params.id, { ...wanted, runner: 'server' }, source);
    enqueue('drafts', job);
    return Response.json(toDraftJobInfo(job), { status: 202 });
  },
);
