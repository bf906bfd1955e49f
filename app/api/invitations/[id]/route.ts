import { revokeInvitation } from '@/lib/auth/invitations';
import { route } from '@/lib/handler/route';

export const DELETE = route<{ id: string }, 'administer'>(
  { access: 'administer' },
  async ({ principal, params, source }) => {
    await revokeInvitation(principal, params.id, source);
    return Response.json({ id: params.id });
  },
);
