import { hashPassword } from 'better-auth/crypto';
import { newId } from '@/lib/contract/ids';
import { createUser, findUserByEmail, setPasswordHash } from '@/lib/database/accounts';
import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { isUniqueViolation } from '@/lib/database/errors';
import { AppError } from '@/lib/http/app-error';
import type { Role } from './contract';

export type NewAccount = { name: string; email: string; password: string; role: Role; invitationId?: string };

/**
 * Makes an account with a password (its scrypt hash is stored).
 * @returns the new user's id
 * @throws AppError conflict when the address has one; gone when the invitation was used meanwhile
 */
export async function createAccount(account: NewAccount, source: AuditSource): Promise<string> {
  const { name, email, role, password, invitationId } = account;
  const taken = () => new AppError('conflict', `${email} has an account already: sign in with it`);
  if ((await findUserByEmail(email)) !== null) {
    throw taken();
  }
  const id = newId();
  const user = { id, name, email, role, passwordHash: await hashPassword(password) };
  const made = await createUser(user, newId(), invitationId).catch((error: unknown) => {
    throw isUniqueViolation(error) ? taken() : error;
  });
  if (!made) {
    throw new AppError('gone', 'This invitation was used or ended: ask for a new one');
  }
  await recordAudit({
    ...source,
    actorId: id,
    action: 'user.create',
    targetType: 'user',
    targetId: id,
    detail: { role },
  });
  return id;
}

/** Gives a person a new password and ends their sessions. @throws AppError not_found */
export async function resetPassword(email: string, password: string, source: AuditSource): Promise<void> {
  const user = await findUserByEmail(email);
  if (user === null) {
    throw new AppError('not_found', `${email} has no account`);
  }
  await setPasswordHash(user.id, newId(), await hashPassword(password));
  await recordAudit({
    ...source,
    actorId: null,
    action: 'password.reset',
    targetType: 'user',
    targetId: user.id,
  });
}
