import { startOidc } from '@/lib/auth/sign-in';
import { route } from '@/lib/handler/route';

export const POST = route({ access: 'public', rate: { name: 'sign-in', burst: 20, perMinute: 10 } }, ({ request }) =>
  startOidc(request.headers),
);
