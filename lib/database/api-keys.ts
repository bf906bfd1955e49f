import { database } from './client';
import type { UserRow } from './accounts';
import type { Owner } from './owner';

export type KeyRow = {
  id: string;
  name: string;
  hint: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
};

const KEY = { id: true, name: true, hint: true, createdAt: true, lastUsedAt: true, expiresAt: true } as const;

export function createKey(
  { userId }: Owner,
  data: { id: string; name: string; keyHash: string; hint: string; expiresAt: Date | null },
): Promise<KeyRow> {
  return database().apiKey.create({ data: { ...data, userId }, select: KEY });
}

/** Keys of a person that were not revoked, the newest first. */
export function listKeys({ userId }: Owner): Promise<KeyRow[]> {
  return database().apiKey.findMany({
    where: { userId, revokedAt: null },
    select: KEY,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  });
}

/** @returns whether there was such a key of this person */
export async function revokeKey({ userId }: Owner, id: string, now: Date): Promise<boolean> {
  const { count } = await database().apiKey.updateMany({
    where: { id, userId, revokedAt: null },
    data: { revokedAt: now },
  });
  return count > 0;
}

/** How much later than the noted time a use is noted again: a busy program costs one write a minute. */
const NOTE_EVERY_MS = 60_000;

/** Whose key this is, if it still works; notes that it was used. */
export async function useKey(keyHash: string, now: Date): Promise<Pick<UserRow, 'id' | 'role'> | null> {
  const key = await database().apiKey.findFirst({
    where: {
      keyHash,
      revokedAt: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      user: { disabledAt: null },
    },
    select: { id: true, lastUsedAt: true, user: { select: { id: true, role: true } } },
  });
  if (key === null) {
    return null;
  }
  if (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() > NOTE_EVERY_MS) {
    await database().apiKey.update({ where: { id: key.id }, data: { lastUsedAt: now } });
  }
  return key.user;
}
