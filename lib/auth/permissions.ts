import type { Role } from './principal';

/**
 * What a route asks for. `public` needs no account and must show nothing of anybody's; every other permission is granted by role. A route names
 * exactly one; without one it does not run.
 */
export const permissions = ['public', 'read', 'chat', 'write', 'administer'] as const;
export type Permission = (typeof permissions)[number];

const granted: Record<Role, ReadonlySet<Permission>> = {
  admin: new Set(permissions),
  engineer: new Set<Permission>(['public', 'read', 'chat', 'write']),
  reviewer: new Set<Permission>(['public', 'read', 'chat', 'write']),
  viewer: new Set<Permission>(['public', 'read']),
};

export function mayRole(role: Role, permission: Permission): boolean {
  return granted[role].has(permission);
}
