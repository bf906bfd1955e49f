import { listSessions } from '@/lib/auth/sessions';
import { route } from '@/lib/http/route';

export const GET = route({ access: 'account' }, async ({ request, principal }) =>
  Response.json({ sessions: await listSessions(principal, request.headers) }),
);
