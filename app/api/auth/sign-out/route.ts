import { signOutSchema } from '@/lib/auth/contract';
import { signOut } from '@/lib/auth/sign-in';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route({ access: 'account' }, async ({ request, principal, source }) => {
  const { everywhere } = await readJson(request, signOutSchema);
  return signOut(principal, everywhere, request.headers, source);
});
