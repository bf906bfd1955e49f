import { finishOidc } from '@/lib/auth/sign-in';
import { route } from '@/lib/handler/route';

export const GET = route(
  { access: 'public', rate: { name: 'sign-in', burst: 20, perMinute: 10 } },
  ({ request, source }) => finishOidc(request, source),
);
