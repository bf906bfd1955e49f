import { endSession } from '@/lib/auth/sessions';
import { route } from '@/lib/handler/route';

export const DELETE = route<{ id: string }, 'account'>({ access: 'account' }, async ({ principal, params, source }) => {
  await endSession(principal, params.id, source);
  return Response.json({ id: params.id });
});
