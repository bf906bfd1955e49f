import { database } from './client';
import type { Role } from './generated/enums';
import { LOCAL_USER_ID } from './users';

export type UserRow = {
  id: string;
  name: string;
  email: string | null;
  role: Role;
  createdAt: Date;
  disabledAt: Date | null;
};

const USER = { id: true, name: true, email: true, role: true, createdAt: true, disabledAt: true } as const;

export function findUser(id: string): Promise<UserRow | null> {
  return database().user.findUnique({ where: { id }, select: USER });
}

export function findUserByEmail(email: string): Promise<UserRow | null> {
  return database().user.findUnique({ where: { email }, select: USER });
}

/** People with an account, the oldest first; not the one of local mode. */
export function listUsers(): Promise<UserRow[]> {
  return database().user.findMany({
    where: { id: { not: LOCAL_USER_ID } },
    select: USER,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

export type NewUser = { id: string; name: string; email: string; role: Role; passwordHash: string };

/**
 * Makes a person who signs in with a password; `invitationId` is used up in the same transaction. Returns false when it
 * was used meanwhile.
 */
export function createUser(user: NewUser, accountId: string, invitationId?: string): Promise<boolean> {
  return database().$transaction(async (tx) => {
    if (invitationId !== undefined) {
      const { count } = await tx.invitation.updateMany({
        where: { id: invitationId, acceptedAt: null, revokedAt: null },
        data: { acceptedAt: new Date() },
      });
      if (count === 0) {
        return false;
      }
    }
    const { passwordHash, ...data } = user;
    await tx.user.create({ data: { ...data, emailVerified: true } });
    await tx.account.create({
      data: { id: accountId, userId: user.id, accountId: user.id, providerId: 'credential', password: passwordHash },
    });
    return true;
  });
}

/** Sets the password of a person and ends their sessions. */
export async function setPasswordHash(userId: string, accountId: string, passwordHash: string): Promise<void> {
  await database().$transaction([
    database().account.upsert({
      where: { providerId_accountId: { providerId: 'credential', accountId: userId } },
      create: { id: accountId, userId, accountId: userId, providerId: 'credential', password: passwordHash },
      update: { password: passwordHash },
    }),
    database().session.deleteMany({ where: { userId } }),
  ]);
}

/**
 * Changes a person's role or disables them, and ends the sessions and revokes the keys of who is disabled. The last
 * administrator who can sign in stays one.
 * @returns what the person was before, `last-admin`, or null when there is none
 */
export function changeUser(
  id: string,
  change: { role?: Role; disabled?: boolean },
): Promise<UserRow | 'last-admin' | null> {
  return database().$transaction(async (tx) => {
    const before = await tx.user.findUnique({ where: { id }, select: USER });
    if (before === null || id === LOCAL_USER_ID) {
      return null;
    }
    const role = change.role ?? before.role;
    const disabled = change.disabled ?? before.disabledAt !== null;
    if (before.role === 'admin' && before.disabledAt === null && (role !== 'admin' || disabled)) {
      const others = await tx.user.count({
        where: { id: { notIn: [id, LOCAL_USER_ID] }, role: 'admin', disabledAt: null },
      });
      if (others === 0) {
        return 'last-admin';
      }
    }
    await tx.user.update({
      where: { id },
      data: { role, disabledAt: disabled ? (before.disabledAt ?? new Date()) : null },
    });
    if (disabled) {
      await tx.session.deleteMany({ where: { userId: id } });
      // For good: letting somebody in again is no reason for what they once left in a program to work again.
      await tx.apiKey.updateMany({ where: { userId: id, revokedAt: null }, data: { revokedAt: new Date() } });
    }
    if (disabled || role !== 'admin') {
      // An invitation in one's own hand would be a way back in.
      await tx.invitation.updateMany({
        where: { invitedById: id, acceptedAt: null, revokedAt: null },
        data: { revokedAt: new Date() },
      });
    }
    return before;
  });
}

/** Ends the sessions of a person. */
export async function endSessions(userId: string): Promise<void> {
  await database().session.deleteMany({ where: { userId } });
}

/** Removes what has run out: sessions, and sign-ins at a provider that were not finished. */
export async function sweepSessions(now: Date): Promise<void> {
  await database().session.deleteMany({ where: { expiresAt: { lt: now } } });
  await database().verification.deleteMany({ where: { expiresAt: { lt: now } } });
}
