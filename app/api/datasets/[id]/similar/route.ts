import { similarQuerySchema } from '@/lib/datasets/contract';
import { findSimilar } from '@/lib/datasets/similar';
import { readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ request, params, principal }) => {
  const { itemId, limit } = readQuery(request, similarQuerySchema);
  return Response.json({ items: await findSimilar(principal, params.id, itemId, limit) });
});
