import { invitationAcceptSchema } from '@/lib/auth/contract';
import { acceptInvitation } from '@/lib/auth/invitations';
import { signIn } from '@/lib/auth/sign-in';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route(
  { access: 'public', rate: { name: 'sign-in', burst: 20, perMinute: 10 } },
  async ({ request, source }) => {
    const accepted = await readJson(request, invitationAcceptSchema);
    const email = await acceptInvitation(accepted, source);
    return signIn({ email, password: accepted.password }, request.headers, source);
  },
);
