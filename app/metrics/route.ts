import { route } from '@/lib/handler/route';
import { requireMetricsAccess } from '@/lib/metrics/access';
import { metrics } from '@/lib/metrics/registry';

/** Counts and gauges in Prometheus' text format. */
export const GET = route({ access: 'public', rate: null }, async ({ request }) => {
  await requireMetricsAccess(request);
  const registry = metrics();
  const headers = { 'content-type': registry.contentType, 'cache-control': 'no-store' };
  return new Response(await registry.metrics(), { headers });
});
