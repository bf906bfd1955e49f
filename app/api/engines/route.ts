import { describeEngines } from '@/lib/assistant/engines';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'read' }, async () => Response.json(await describeEngines()));
