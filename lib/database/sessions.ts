import { database } from './client';
import type { Owner } from './owner';

export type SessionRow = { id: string; userAgent: string | null; createdAt: Date; updatedAt: Date; expiresAt: Date };

const SESSION = { id: true, userAgent: true, createdAt: true, updatedAt: true, expiresAt: true } as const;

/**
 * The sessions of a person that have not run out, the last used first. `updatedAt` is the last use, to a few minutes.
 */
export function listSessions({ userId }: Owner, now: Date): Promise<SessionRow[]> {
  return database().session.findMany({
    where: { userId, expiresAt: { gt: now } },
    select: SESSION,
    orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }],
  });
}

/** Notes that a session was used. */
export async function noteSessionUse(id: string, now: Date): Promise<void> {
  await database().session.updateMany({ where: { id }, data: { updatedAt: now } });
}

/** Ends one session of a person. @returns what it was; null: the person has no such session */
export function endSession({ userId }: Owner, id: string): Promise<SessionRow | null> {
  return database().$transaction(async (tx) => {
    const found = await tx.session.findFirst({ where: { id, userId }, select: SESSION });
    if (found !== null) {
      await tx.session.delete({ where: { id } });
    }
    return found;
  });
}
