import { listMembers } from '@/lib/auth/members';
import { route } from '@/lib/http/route';

export const GET = route({ access: 'administer' }, async () => Response.json({ users: await listMembers() }));
