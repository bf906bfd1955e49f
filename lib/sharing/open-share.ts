import { gatherExport, type ExportedConversation } from '@/lib/assistant/exports/gather';
import { findImages, type ImageRow } from '@/lib/database/images';
import { findOpenShare, findShareImage, listShareImages, type ShareRow } from '@/lib/database/shares';
import { authorise } from '@/lib/auth/authorise';
import { AppError, notFound } from '@/lib/http/app-error';
import { readSnapshot, shownImageIds, takeSnapshot, type Snapshot } from './snapshot';
import { hashToken } from './token';
import { isUnlocked } from './unlock-cookie';
import { withoutNames } from './without-names';

/**
 * A link whose token was right. `admitted`: it is for everybody, or the caller has an account here. `unlocked`: it asks
 * for no password, or the caller gave it. What it holds is shown to whom both are true.
 */
export type FoundShare = { share: ShareRow; admitted: boolean; unlocked: boolean };

/** Whether the headers are of somebody who may read here: a session or a key of an account that is not disabled. */
async function isMember(headers: Headers): Promise<boolean> {
  try {
    return (await authorise({ method: 'GET', headers }, 'read')) !== null;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'unauthorized' || error.code === 'forbidden')) {
      return false;
    }
    throw error;
  }
}

/**
 * The link with this token, or null: unknown, revoked, expired and deleted are the same to whoever asks.
 * @param headers of the request; null: nobody asks in person, as for a preview
 */
export async function findShare(token: string, headers: Headers | null): Promise<FoundShare | null> {
  const tokenHash = hashToken(token);
  const share = tokenHash === null ? null : await findOpenShare(tokenHash, new Date());
  if (share === null) {
    return null;
  }
  const admitted = !share.membersOnly || (headers !== null && (await isMember(headers)));
  return { share, admitted, unlocked: isUnlocked(share, headers?.get('cookie') ?? null) };
}

/**
 * The link with this token, for routes that show what it holds.
 * @throws AppError not_found, also while its password was not given; unauthorized when it is for people with an account
 *   and the caller is none
 */
export async function openShare(token: string, headers: Headers | null): Promise<ShareRow> {
  const found = await findShare(token, headers);
  if (found?.admitted === false) {
    throw new AppError('unauthorized', 'This link is for people with an account here: sign in first');
  }
  if (found === null || !found.unlocked) {
    throw notFound('shared conversation');
  }
  return found.share;
}

/** What a link holds: the stored snapshot, or the conversation of this moment. */
async function readShared(share: ShareRow): Promise<Snapshot> {
  if (share.live) {
    return takeSnapshot({ userId: share.ownerId }, share.conversationId, share.leafId);
  }
  const snapshot = readSnapshot(share.snapshot);
  if (snapshot === null) {
    throw new AppError('gone', 'This link was made by an earlier version and cannot be shown: ask for a new one');
  }
  return snapshot;
}

/** The images of a link, by their place in the conversation. */
async function readImages(share: ShareRow, ids: readonly string[]): Promise<ImageRow[]> {
  const rows = share.live ? await findImages({ userId: share.ownerId }, [...ids]) : await listShareImages(share.id);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export type SharedConversation = ExportedConversation & Pick<Snapshot, 'contexts'>;

/**
 * A shared conversation as it may be shown, exported and copied: names of files and data sets are in it only when the
 * link includes them.
 */
export async function readSharedConversation(share: ShareRow): Promise<SharedConversation> {
  const { title, messages, contexts } = await readShared(share);
  const rows = await readImages(share, shownImageIds(messages));
  const images = share.includeNames ? rows : rows.map((row, index) => ({ ...row, name: `Image ${index + 1}` }));
  const shown = share.includeNames ? { title, messages, contexts } : withoutNames({ title, messages, contexts }, rows);
  return {
    id: share.id,
    ...shown,
    exportedAt: share.live ? new Date() : share.createdAt,
    bundles: [...new Set(messages.flatMap(({ metadata }) => metadata.bundle ?? []))],
    images: new Map(images.map((image) => [image.id, image])),
  };
}

/**
 * One image of a link.
 * @throws AppError not_found
 */
export async function findSharedImage(share: ShareRow, imageId: string): Promise<ImageRow> {
  const image = share.live
    ? await gatherExport({ userId: share.ownerId }, share.conversationId, share.leafId ?? undefined).then(
        ({ images }) => images.get(imageId),
      )
    : await findShareImage(share.id, imageId);
  if (image === null || image === undefined) {
    throw notFound('image');
  }
  return image;
}
