import { changePasswordSchema } from '@/lib/auth/contract';
import { changePassword } from '@/lib/auth/sign-in';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route(
  { access: 'account', rate: { name: 'sign-in', burst: 20, perMinute: 10 } },
  async ({ request, principal, source }) =>
    changePassword(principal, await readJson(request, changePasswordSchema), request.headers, source),
);
