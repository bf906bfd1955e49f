import { findImportJob, listImportProblems } from '@/lib/database/import-jobs';
import { problemsQuerySchema, type ImportProblemsResponse } from '@/lib/datasets/contract';
import { problemsCsv } from '@/lib/datasets/import/report';
import { notFound } from '@/lib/http/app-error';
import { readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

const PAGE = 200;
/** Lines of the file to download. */
const MOST = 1_000_000;

export const GET = route<{ id: string; jobId: string }, 'read'>(
  { access: 'read' },
  async ({ request, params, principal }) => {
    const { after, format } = readQuery(request, problemsQuerySchema);
    if ((await findImportJob(principal, params.id, params.jobId)) === null) {
      throw notFound('import');
    }
    if (format === 'csv') {
      return new Response(problemsCsv(await listImportProblems(params.jobId, -1, MOST)), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="import-problems.csv"',
        },
      });
    }
    const problems = await listImportProblems(params.jobId, after, PAGE);
    const next = problems.length < PAGE ? null : (problems.at(-1)?.seq ?? null);
    const body: ImportProblemsResponse = { problems, next };
    return Response.json(body);
  },
);
