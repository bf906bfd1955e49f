import { findImportJob, listImportProblems } from '@/lib/database/import-jobs';
import { problemsQuerySchema, type ImportProblemsResponse } from '@/lib/datasets/contract';
import { notFound } from '@/lib/http/app-error';
import { readQuery } from '@/lib/http/body';
import { route } from '@/lib/http/route';

const PAGE = 200;

export const GET = route<{ id: string; jobId: string }, 'read'>(
  { access: 'read' },
  async ({ request, params, principal }) => {
    const { after } = readQuery(request, problemsQuerySchema);
    if ((await findImportJob(principal, params.id, params.jobId)) === null) {
      throw notFound('import');
    }
    const problems = await listImportProblems(params.jobId, after, PAGE);
    const next = problems.length < PAGE ? null : (problems.at(-1)?.seq ?? null);
    const body: ImportProblemsResponse = { problems, next };
    return Response.json(body);
  },
);
