import { revokeKey } from '@/lib/auth/keys';
import { route } from '@/lib/handler/route';

export const DELETE = route<{ id: string }, 'account'>({ access: 'account' }, async ({ principal, params, source }) => {
  await revokeKey(principal, params.id, source);
  return Response.json({ id: params.id });
});
