import type { Principal, Role } from './principal';

/**
 * What a route or page asks for. `public` needs no account and must show nothing of anybody's but what the token of a
 * link opens; every other permission is granted by role. A route names exactly one; without one it does not run.
 *
 * - `read`: look at what one has
 * - `chat`: ask, inspect, change one's conversations
 * - `write`: bring in images
 * - `review`: decide about items of datasets
 * - `curate`: import, change and delete datasets
 * - `share`: make links that need no account
 * - `account`: one's own account: password, sessions, keys
 * - `administer`: other people's accounts, and the audit log
 */
export const permissions = [
  'public',
  'read',
  'chat',
  'write',
  'review',
  'curate',
  'share',
  'account',
  'administer',
] as const;
export type Permission = (typeof permissions)[number];

const granted: Record<Role, ReadonlySet<Permission>> = {
  admin: new Set(permissions),
  engineer: new Set<Permission>(['public', 'read', 'chat', 'write', 'review', 'curate', 'share', 'account']),
  reviewer: new Set<Permission>(['public', 'read', 'chat', 'write', 'review', 'account']),
  viewer: new Set<Permission>(['public', 'read', 'account']),
};

/** A key that leaked must not make itself permanent, so it reaches no account and no administration. */
const notByKey: ReadonlySet<Permission> = new Set<Permission>(['account', 'administer']);

export function mayRole(role: Role, permission: Permission): boolean {
  return granted[role].has(permission);
}

export function may(principal: Pick<Principal, 'role' | 'via'>, permission: Permission): boolean {
  return mayRole(principal.role, permission) && !(principal.via === 'key' && notByKey.has(permission));
}
