import { queueQuerySchema } from '@/lib/datasets/contract';
import { readQueue } from '@/lib/datasets/review/queue';
import { readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ request, principal, params }) =>
  Response.json(await readQueue(principal, params.id, readQuery(request, queueQuerySchema))),
);
