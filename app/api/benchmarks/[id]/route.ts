import { deleteBenchmark, readBenchmark } from '@/lib/evaluation/registry';
import { notFound } from '@/lib/http/app-error';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ params }) => {
  const benchmark = await readBenchmark(params.id);
  if (benchmark === undefined) {
    throw notFound('benchmark run');
  }
  return Response.json(benchmark, { headers: { 'cache-control': 'no-store' } });
});

export const DELETE = route<{ id: string }, 'administer'>({ access: 'administer' }, async ({ params }) => {
  if (!(await deleteBenchmark(params.id))) {
    throw notFound('benchmark run');
  }
  return new Response(null, { status: 204 });
});
