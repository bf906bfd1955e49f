import { changeUser, findUser, listUsers, type UserRow } from '@/lib/database/accounts';
import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { AppError, notFound } from '@/lib/http/app-error';
import type { AccountInfo, Member, MemberPatch } from './contract';
import { authMode } from './mode';
import type { Principal } from './principal';

function toMember({ id, name, email, role, createdAt, disabledAt }: UserRow): Member {
  return { id, name, email, role, createdAt: createdAt.toISOString(), disabled: disabledAt !== null };
}

/** Who one is. */
export async function readAccount({ userId }: Principal): Promise<AccountInfo> {
  const user = await findUser(userId);
  if (user === null) {
    throw notFound('account');
  }
  return { id: user.id, name: user.name, email: user.email, role: user.role, mode: authMode() };
}

export async function listMembers(): Promise<Member[]> {
  return (await listUsers()).map(toMember);
}

/**
 * Changes a role, or bars a person and lets them in again. @throws AppError not_found; conflict for the last
 * administrator
 */
export async function changeMember(
  { userId }: Principal,
  id: string,
  change: MemberPatch,
  source: AuditSource,
): Promise<Member> {
  const { role, disabled } = change;
  const before = await changeUser(id, {
    ...(role !== undefined && { role }),
    ...(disabled !== undefined && { disabled }),
  });
  if (before === 'last-admin') {
    throw new AppError('conflict', 'This is the last administrator: make another one first');
  }
  const after = before && (await findUser(id));
  if (before === null || after === null) {
    throw notFound('account');
  }
  const target = { targetType: 'user', targetId: id };
  if (after.role !== before.role) {
    const detail = { from: before.role, to: after.role };
    await recordAudit({ ...source, actorId: userId, action: 'role.change', ...target, detail });
  }
  if ((after.disabledAt === null) !== (before.disabledAt === null)) {
    const action = after.disabledAt === null ? 'user.enable' : 'user.disable';
    await recordAudit({ ...source, actorId: userId, action, ...target });
  }
  return toMember(after);
}
