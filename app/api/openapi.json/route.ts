import { route } from '@/lib/handler/route';
import { apiDocument } from '@/lib/openapi/document';

export const GET = route({ access: 'public' }, () =>
  Response.json(apiDocument(), { headers: { 'cache-control': 'no-cache' } }),
);
