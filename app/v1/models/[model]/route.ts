import { route } from '@/lib/handler/route';
import { doorErrorBody } from '@/lib/openai-door/door-error';
import { findModel } from '@/lib/openai-door/models';

export const GET = route<{ model: string }, 'read'>({ access: 'read', errorBody: doorErrorBody }, async ({ params }) =>
  Response.json(await findModel(params.model)),
);
