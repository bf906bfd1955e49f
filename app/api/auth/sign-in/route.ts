import { signInSchema } from '@/lib/auth/contract';
import { knownDevice } from '@/lib/auth/known-device';
import { signIn } from '@/lib/auth/sign-in';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route(
  {
    access: 'public',
    rate: { name: 'sign-in', burst: 20, perMinute: 10 },
    countBy: ({ headers }) => knownDevice(headers),
  },
  async ({ request, source }) => signIn(await readJson(request, signInSchema), request.headers, source),
);
