import { readAccount } from '@/lib/auth/members';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'read' }, async ({ principal }) => Response.json(await readAccount(principal)));
