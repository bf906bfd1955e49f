import { readValues } from '@/lib/images/image-values';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>(
  { access: 'read', rate: { name: 'values', burst: 60, perMinute: 60 } },
  async ({ principal, params }) =>
    Response.json(await readValues(principal, params.id), { headers: { 'cache-control': 'private, no-store' } }),
);
