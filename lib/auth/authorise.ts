import { AppError } from '@/lib/http/app-error';
import { identify } from './identify';
import { may, mayRole, type Permission } from './permissions';
import type { Principal } from './principal';
import { CROSS_ORIGIN_MESSAGE, isSameOriginWrite } from './same-origin';

/**
 * The one place that decides who may do what. Every route calls it through `route`, every page through `page`, both of
 * lib/http.
 * @throws AppError cross_origin, unauthorized or forbidden
 */
export async function authorise(
  { method, headers }: { method: string; headers: Headers },
  permission: Permission,
): Promise<Principal | null> {
  if (!isSameOriginWrite(method, headers)) {
    throw new AppError('cross_origin', CROSS_ORIGIN_MESSAGE);
  }
  if (permission === 'public') {
    return null;
  }
  const principal = await identify(headers);
  if (principal === null) {
    throw new AppError('unauthorized', 'Sign in first, or send a valid key as `Authorization: Bearer`');
  }
  if (!may(principal, permission)) {
    const message =
      principal.via === 'key' && mayRole(principal.role, permission)
        ? 'A key cannot do this: sign in on the account page'
        : 'Your role does not allow this: ask an administrator';
    throw new AppError('forbidden', message);
  }
  return principal;
}
