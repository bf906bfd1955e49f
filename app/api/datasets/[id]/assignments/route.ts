import { assignSchema, reviewLimits } from '@/lib/datasets/contract';
import { assign, readAssignments } from '@/lib/datasets/review/assign';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ principal, params }) =>
  Response.json(await readAssignments(principal, params.id)),
);

export const POST = route<{ id: string }, 'curate'>({ access: 'curate' }, async ({ request, principal, params }) =>
  Response.json(await assign(principal, params.id, await readJson(request, assignSchema, reviewLimits.bodyBytes))),
);
