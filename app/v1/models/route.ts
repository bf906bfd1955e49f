import { route } from '@/lib/handler/route';
import { doorErrorBody } from '@/lib/openai-door/door-error';
import { listModels } from '@/lib/openai-door/models';

export const GET = route({ access: 'read', errorBody: doorErrorBody }, async () => Response.json(await listModels()));
