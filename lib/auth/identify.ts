import { LOCAL_USER_ID, ensureLocalUser } from '@/lib/database/users';
import { useKey } from '@/lib/database/api-keys';
import { AppError } from '@/lib/http/app-error';
import { roleSchema } from './contract';
import { isLoopbackHost } from './loopback';
import { authMode } from './mode';
import type { Principal } from './principal';
import { readSession } from './read-session';
import { hashToken } from './tokens';

async function localPrincipal(headers: Headers): Promise<Principal> {
  if (!isLoopbackHost(headers.get('host'))) {
    throw new AppError(
      'forbidden',
      'This installation answers on 127.0.0.1 only: set LOOKTWICE_MODE=team to serve others',
    );
  }
  await ensureLocalUser();
  return { userId: LOCAL_USER_ID, role: 'admin', via: 'local' };
}

async function keyPrincipal(authorization: string): Promise<Principal | null> {
  const key = /^Bearer ([A-Za-z0-9_-]{1,100})$/.exec(authorization)?.[1];
  const user = key === undefined ? null : await useKey(hashToken(key), new Date());
  return user && { userId: user.id, role: user.role, via: 'key' };
}

async function sessionPrincipal(headers: Headers): Promise<Principal | null> {
  const found = await readSession(headers);
  const role = roleSchema.safeParse(found?.user.role);
  return found === null || found.user.disabledAt || !role.success
    ? null
    : { userId: found.user.id, role: role.data, via: 'session' };
}

/**
 * Who sends these headers: in local mode the owner, in team mode whom the key or the session cookie belongs to; null
 * for nobody. A wrong key is nobody, whatever cookie comes with it.
 * @throws AppError forbidden in local mode when the request is not to this machine
 */
export async function identify(headers: Headers): Promise<Principal | null> {
  if (authMode() === 'local') {
    return localPrincipal(headers);
  }
  const authorization = headers.get('authorization');
  return authorization === null ? sessionPrincipal(headers) : keyPrincipal(authorization);
}
