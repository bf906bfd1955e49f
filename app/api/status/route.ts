import { readStatus } from '@/lib/assistant/server/status';
import { route } from '@/lib/http/route';

export const GET = route({ access: 'read' }, () =>
  Response.json(readStatus(), { headers: { 'cache-control': 'no-store' } }),
);
