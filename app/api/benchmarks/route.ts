import { listBenchmarks } from '@/lib/evaluation/registry';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'read' }, async () =>
  Response.json({ benchmarks: await listBenchmarks() }, { headers: { 'cache-control': 'no-store' } }),
);
