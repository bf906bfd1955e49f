import { randomBytes } from 'node:crypto';
import { database } from './client';

/** What was allowed: an engine at an address, for one conversation or (null) for the whole workspace. */
export type ConsentScope = { engine: string; address: string; conversationId: string | null };

/** Notes a person's permission; given again it stays one. */
export async function putConsent(userId: string, scope: ConsentScope): Promise<void> {
  const there = await database().engineConsent.findFirst({ where: scope, select: { id: true } });
  if (there === null) {
    await database().engineConsent.create({ data: { id: randomBytes(16).toString('base64url'), userId, ...scope } });
  }
}

/**
 * Whether an engine may be sent what a conversation holds: allowed for it, or for the workspace. With null, the latter
 * alone.
 */
export async function hasConsent(engine: string, address: string, conversationId: string | null): Promise<boolean> {
  const found = await database().engineConsent.findFirst({
    where: {
      ...{ engine, address },
      ...(conversationId === null ? { conversationId: null } : { OR: [{ conversationId }, { conversationId: null }] }),
    },
    select: { id: true },
  });
  return found !== null;
}

/** What is allowed for the workspace and, if one is given, for a conversation. */
export async function listConsents(conversationId: string | null): Promise<{ engine: string; address: string }[]> {
  return database().engineConsent.findMany({
    where: conversationId === null ? { conversationId: null } : { OR: [{ conversationId }, { conversationId: null }] },
    select: { engine: true, address: true },
  });
}

/** Takes back a permission for the workspace. Returns false when there was none. */
export async function removeWorkspaceConsent(engine: string): Promise<boolean> {
  const { count } = await database().engineConsent.deleteMany({ where: { engine, conversationId: null } });
  return count > 0;
}
