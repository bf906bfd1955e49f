import { gatherExport, type ExportedConversation } from '@/lib/assistant/exports/gather';
import { findImages, type ImageRow } from '@/lib/database/images';
import { findOpenShare, findShareImage, listShareImages, type ShareRow } from '@/lib/database/shares';
import { AppError, notFound } from '@/lib/http/app-error';
import { readSnapshot, shownImageIds, takeSnapshot, type Snapshot } from './snapshot';
import { hashToken } from './token';
import { isUnlocked } from './unlock-cookie';
import { withoutNames } from './without-names';

/** A link whose token was right. `unlocked`: it asks for no password, or the caller gave it. */
export type FoundShare = { share: ShareRow; unlocked: boolean };

/** The link with this token, or null: unknown, revoked, expired and deleted are the same to whoever asks. */
export async function findShare(token: string, cookies: string | null): Promise<FoundShare | null> {
  const tokenHash = hashToken(token);
  const share = tokenHash === null ? null : await findOpenShare(tokenHash, new Date());
  return share === null ? null : { share, unlocked: isUnlocked(share, cookies) };
}

/**
 * The link with this token, for routes that show what it holds.
 * @throws AppError not_found, also while its password was not given
 */
export async function openShare(token: string, cookies: string | null): Promise<ShareRow> {
  const found = await findShare(token, cookies);
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

/** A shared conversation as it may be shown, exported and copied: names of files and data sets are in it only when the link includes them. */
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
