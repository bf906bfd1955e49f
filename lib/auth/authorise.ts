import { LOCAL_USER_ID, ensureLocalUser } from '@/lib/database/users';
import { AppError } from '@/lib/http/app-error';
import { isLoopbackHost } from './loopback';
import { authMode } from './mode';
import { mayRole, type Permission } from './permissions';
import type { Principal } from './principal';
import { isSameOriginWrite } from './same-origin';

async function localPrincipal(request: Request): Promise<Principal> {
  if (!isLoopbackHost(request.headers.get('host') ?? new URL(request.url).host)) {
    throw new AppError(
      'forbidden',
      'This installation answers on 127.0.0.1 only: set LOOKTWICE_MODE=team to serve others',
    );
  }
  await ensureLocalUser();
  return { userId: LOCAL_USER_ID, role: 'admin' };
}

/**
 * The one place that decides who may do what. Every route calls it, through `route` of lib/http.
 * @throws AppError cross_origin, unauthorized or forbidden
 */
export async function authorise(request: Request, permission: Permission): Promise<Principal | null> {
  if (!isSameOriginWrite(request.method, request.headers)) {
    throw new AppError('cross_origin', 'Writes are accepted from this site’s own pages only');
  }
  if (permission === 'public') {
    return null;
  }
  if (authMode() === 'team') {
    throw new AppError('unauthorized', 'Log in first');
  }
  const principal = await localPrincipal(request);
  if (!mayRole(principal.role, permission)) {
    throw new AppError('forbidden', 'Your role does not allow this: ask an administrator');
  }
  return principal;
}
