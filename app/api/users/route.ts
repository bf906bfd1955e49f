import { listMembers } from '@/lib/auth/members';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'administer' }, async () => Response.json({ users: await listMembers() }));
