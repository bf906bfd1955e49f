import { measureAgreement } from '@/lib/datasets/review/measure-agreement';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ principal, params }) =>
  Response.json(await measureAgreement(principal, params.id)),
);
