import { readInspection } from '@/lib/assistant/inspections/inspect-image';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ principal, params }) =>
  Response.json(await readInspection(principal, params.id)),
);
