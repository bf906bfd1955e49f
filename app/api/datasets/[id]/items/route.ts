import { itemsQuerySchema } from '@/lib/datasets/contract';
import { readItems } from '@/lib/datasets/items';
import { readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ request, params, principal }) =>
  Response.json(await readItems(principal, params.id, readQuery(request, itemsQuerySchema))),
);
