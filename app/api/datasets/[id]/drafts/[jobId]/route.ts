import { findDraftJob } from '@/lib/database/draft-jobs';
import type { Owner } from '@/lib/database/owner';
import { jobCommandSchema } from '@/lib/datasets/contract';
import { toDraftJobInfo } from '@/lib/datasets/drafts/info';
import { command } from '@/lib/datasets/jobs';
import { notFound } from '@/lib/http/app-error';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

type Params = { id: string; jobId: string };

async function read(owner: Owner, { id, jobId }: Params) {
  const job = await findDraftJob(owner, id, jobId);
  if (job === null) {
    throw notFound('draft job');
  }
  return toDraftJobInfo(job);
}

export const GET = route<Params, 'read'>({ access: 'read' }, async ({ params, principal }) =>
  Response.json(await read(principal, params)),
);

export const PATCH = route<Params, 'curate'>({ access: 'curate' }, async ({ request, params, principal }) => {
  const { action } = await readJson(request, jobCommandSchema);
  await read(principal, params);
  await command('drafts', params.jobId, action);
  return Response.json(await read(principal, params));
});
