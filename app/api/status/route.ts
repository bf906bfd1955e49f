import { readStatus } from '@/lib/serve/status';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'read' }, () =>
  Response.json(readStatus(), { headers: { 'cache-control': 'no-store' } }),
);
