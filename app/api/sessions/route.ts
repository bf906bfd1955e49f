import { listSessions } from '@/lib/auth/sessions';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'account' }, async ({ request, principal }) =>
  Response.json({ sessions: await listSessions(principal, request.headers) }),
);
