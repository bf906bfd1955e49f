import type { z } from 'zod';
import { newId } from '@/lib/contract';
import { authMode } from '@/lib/auth/mode';
import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { findImages } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import {
  changeShare as updateShare,
  createShare as insertShare,
  findOwnShare,
  listShares as queryShares,
  retireShares,
  revokeShare as endShare,
  type ListedShare,
} from '@/lib/database/shares';
import { AppError, notFound } from '@/lib/http/app-error';
import type { ShareCreated, ShareInfo, SharePatch, shareCreateSchema } from './contract';
import { hashPassword } from './password';
import { shownImageIds, takeSnapshot } from './snapshot';
import { hashToken, newToken } from './token';

const DAY_MS = 24 * 60 * 60_000;
/** How long the list still shows links that have ended. */
const REMEMBER_MS = 30 * DAY_MS;

function toShareInfo({ conversation, ...row }: ListedShare, now = Date.now()): ShareInfo {
  const { id, conversationId, leafId, live, includeNames, includeMetadata, allowEmbed, membersOnly, views } = row;
  const expired = row.expiresAt !== null && row.expiresAt.getTime() <= now;
  return {
    ...{
      id,
      conversationId,
      title: conversation.title,
      leafId,
      live,
      includeNames,
      includeMetadata,
      allowEmbed,
      membersOnly,
      views,
    },
    hasPassword: row.passwordHash !== null,
    state: row.revokedAt !== null ? 'revoked' : expired ? 'expired' : 'open',
    lastViewedAt: row.lastViewedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}

function expiryOf(days: number | null): Date | null {
  return days === null ? null : new Date(Date.now() + days * DAY_MS);
}

/** @throws AppError invalid_request where there are no accounts to be signed in with */
function requireAccounts(membersOnly: boolean): void {
  if (membersOnly && authMode() === 'local') {
    throw new AppError('invalid_request', 'There are no accounts in local mode: leave the field membersOnly out');
  }
}

/**
 * Makes a link to one of the owner's conversations. The token is in the answer only: what is stored is its hash.
 * @throws AppError not_found when there is no such conversation or message, conflict when there is nothing to show
 */
export async function createShare(
  owner: Owner,
  wanted: z.output<typeof shareCreateSchema>,
  source: AuditSource,
): Promise<ShareCreated> {
  const { conversationId, live, includeNames, includeMetadata, allowEmbed, membersOnly, password } = wanted;
  requireAccounts(membersOnly);
  const leafId = wanted.leafId ?? null;
  const snapshot = await takeSnapshot(owner, conversationId, leafId);
  if (snapshot.messages.length === 0) {
    throw new AppError('conflict', 'There is nothing to share yet: wait for the first answer');
  }
  // Only what is there now: an image of the text's past may be gone.
  const images = live ? [] : await findImages(owner, shownImageIds(snapshot.messages));
  const token = newToken();
  const row = await insertShare(owner, {
    ...{ id: newId(), conversationId, tokenHash: hashToken(token) ?? '', leafId, live },
    ...{ includeNames, includeMetadata, allowEmbed, membersOnly },
    passwordHash: password === null ? null : await hashPassword(password),
    expiresAt: expiryOf(wanted.expiresInDays),
    snapshot: live ? null : snapshot,
    imageIds: images.map(({ id }) => id),
  });
  await recordAudit({
    ...{ actorId: owner.userId, action: 'share.create', targetType: 'share', targetId: row.id, ...source },
    detail: { conversationId, live, password: password !== null, includeMetadata, allowEmbed, membersOnly },
  });
  return { share: toShareInfo(row), token, path: `/s/${token}` };
}

/** The owner's links, or those of one conversation. */
export async function listShares(owner: Owner, conversationId?: string): Promise<ShareInfo[]> {
  return (await queryShares(owner, conversationId)).map((row) => toShareInfo(row));
}

/**
 * Changes a link while it works.
 * @throws AppError not_found, or invalid_request when embedding would meet a password or people with an account
 */
export async function changeShare(
  owner: Owner,
  id: string,
  { password, expiresInDays, ...flags }: SharePatch,
  source: AuditSource,
): Promise<ShareInfo> {
  const before = await findOwnShare(owner, id);
  const embeds = flags.allowEmbed ?? before?.allowEmbed ?? false;
  const asks = password === undefined ? (before?.passwordHash ?? null) !== null : password !== null;
  const isForMembers = flags.membersOnly ?? before?.membersOnly ?? false;
  if (embeds && (asks || isForMembers)) {
    const kind = asks ? 'with a password' : 'for signed-in people only';
    throw new AppError('invalid_request', `A link ${kind} cannot be embedded: choose one of the two`);
  }
  requireAccounts(flags.membersOnly ?? false);
  const row = await updateShare(
    owner,
    id,
    {
      ...(flags.includeNames !== undefined && { includeNames: flags.includeNames }),
      ...(flags.includeMetadata !== undefined && { includeMetadata: flags.includeMetadata }),
      ...(flags.allowEmbed !== undefined && { allowEmbed: flags.allowEmbed }),
      ...(flags.membersOnly !== undefined && { membersOnly: flags.membersOnly }),
      ...(expiresInDays !== undefined && { expiresAt: expiryOf(expiresInDays) }),
      ...(password !== undefined && { passwordHash: password === null ? null : await hashPassword(password) }),
    },
    new Date(),
  );
  if (row === null) {
    throw notFound('link that still works');
  }
  await recordAudit({
    ...{ actorId: owner.userId, action: 'share.change', targetType: 'share', targetId: id, ...source },
    detail: { ...flags, ...(password !== undefined && { password: password !== null }) },
  });
  return toShareInfo(row);
}

/**
 * Ends a link at once and for good.
 * @throws AppError not_found
 */
export async function revokeShare(owner: Owner, id: string, source: AuditSource): Promise<void> {
  if (!(await endShare(owner, id, new Date()))) {
    throw notFound('link');
  }
  await recordAudit({ actorId: owner.userId, action: 'share.revoke', targetType: 'share', targetId: id, ...source });
}

/** Drops what links that have ended showed, and in time their rows. */
export async function retireEndedShares(now = Date.now()): Promise<void> {
  await retireShares(new Date(now), new Date(now - REMEMBER_MS));
}
