import {
  limits,
  newId,
  type InspectionPart,
  type SheetPart,
  type StoredMessage,
  type StoredPart,
} from '@/lib/contract';
import { textOf } from '@/lib/assistant/conversations/stored-message';
import { imageVariant } from '@/lib/images/variant';
import { storeFork, type ForkedMessage } from '@/lib/database/fork';
import { putImage, type ImageRow } from '@/lib/database/images';
import { findInspection, putInspection } from '@/lib/database/inspections';
import type { Owner } from '@/lib/database/owner';
import type { ShareRow } from '@/lib/database/shares';
import { AppError } from '@/lib/http/app-error';
import { blobs } from '@/lib/storage';
import { readSharedConversation } from './open-share';

/** `value` with every string that is an old id replaced by its new one, wherever it stands. */
function renamed<Value>(value: Value, ids: ReadonlyMap<string, string>): Value {
  if (typeof value === 'string') {
    return (ids.get(value) ?? value) as Value;
  }
  if (Array.isArray(value)) {
    // Run lengths and tokens are long lists of numbers without ids.
    return (typeof value[0] === 'number' ? value : value.map((item: unknown) => renamed(item, ids))) as Value;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamed(item, ids)])) as Value;
  }
  return value;
}

/**
 * The inspection of a copied image: the caller's own row, with the same anomaly map. Maps its id, and returns the part
 * for it.
 */
async function copyInspection(
  from: Owner,
  part: InspectionPart,
  ids: Map<string, string>,
): Promise<Extract<StoredPart, { type: 'data-inspection' }>> {
  const moved = renamed(part, ids);
  if (ids.has(part.inspectionId)) {
    // Copied with its sheet: it holds within that set only.
    const heatmapUrl = moved.heatmapUrl.replace(part.inspectionId, moved.inspectionId);
    return { type: 'data-inspection', data: { ...moved, heatmapUrl } };
  }
  const original = await findInspection(from, part.inspectionId);
  if (original === null || moved.imageId === part.imageId) {
    return { type: 'data-inspection', data: moved };
  }
  const id = newId();
  const heatmapUrl = moved.heatmapUrl.replace(part.inspectionId, id);
  const data = { ...moved, inspectionId: id, heatmapUrl };
  const { bundle, score, mapKey } = original;
  const row = await putInspection({
    ...{ id, imageId: moved.imageId, bundle, score, mapKey },
    referenceIds: moved.referenceIds,
    payload: data,
  });
  // The caller may have inspected the same image before: then that row stands.
  const inspectionId = row.id;
  return { type: 'data-inspection', data: { ...data, inspectionId, heatmapUrl: heatmapUrl.replace(id, inspectionId) } };
}

/** The rows of a sheet's inspections, with what their images were compared with; maps their ids. */
async function copySheet(from: Owner, part: SheetPart, ids: Map<string, string>): Promise<StoredPart> {
  for (const { inspectionId } of part.items) {
    const original = await findInspection(from, inspectionId);
    const imageId = original === null ? undefined : ids.get(original.imageId);
    if (original === null || imageId === undefined || ids.has(inspectionId)) {
      continue;
    }
    const { bundle, score, mapKey, referenceKey, payload } = original;
    const row = await putInspection({
      ...{ id: newId(), imageId, bundle, score, mapKey, referenceIds: [referenceKey] },
      payload: renamed(payload, new Map([...ids, [inspectionId, inspectionId]])) ?? {},
    });
    ids.set(inspectionId, row.id);
  }
  return { type: 'data-sheet', data: renamed(part, ids) };
}

async function copyMessage(
  from: Owner,
  message: StoredMessage,
  context: unknown,
  ids: Map<string, string>,
): Promise<ForkedMessage> {
  const { metadata, role } = message;
  const parts: StoredPart[] = [];
  const masks: ForkedMessage['masks'] = [];
  for (const part of message.parts) {
    if (part.type === 'data-inspection') {
      parts.push(await copyInspection(from, part.data, ids));
    } else if (part.type === 'data-sheet') {
      parts.push(await copySheet(from, part.data, ids));
    } else if (part.type === 'data-mask') {
      const data = { ...renamed(part.data, ids), maskId: newId() };
      const { maskId: id, ...mask } = data;
      masks.push({ id, ...mask });
      parts.push({ type: 'data-mask', data });
    } else {
      parts.push(renamed(part, ids));
    }
  }
  return {
    ...{ id: ids.get(message.id) ?? newId(), role, parts, masks, text: textOf(parts) },
    parentId: metadata.parentId === null ? null : (ids.get(metadata.parentId) ?? null),
    state: metadata.state === 'running' ? 'interrupted' : metadata.state,
    bundle: metadata.bundle ?? null,
    errorCode: metadata.error?.code ?? null,
    errorMessage: metadata.error?.message ?? null,
    createdAt: new Date(metadata.createdAt),
    context: typeof context === 'object' && context !== null ? renamed(context, ids) : null,
    images: parts.flatMap((part) =>
      part.type === 'data-image' ? [{ imageId: part.data.imageId, role: part.data.role }] : [],
    ),
  };
}

type ImageFile = Pick<ImageRow, 'sha256' | 'mime' | 'bytes'> & Partial<Pick<ImageRow, 'pages' | 'low' | 'high'>>;

/**
 * An image's pixels as a file of our own encoder, without EXIF: PNG without loss, JPEG when that would be larger than
 * an image may be.
 */
async function storePixels(image: ImageRow): Promise<ImageFile> {
  const png = await imageVariant(image, undefined, 'png');
  const { bytes, mime } = png.bytes.length <= limits.imageBytes ? png : await imageVariant(image, undefined, 'jpeg');
  const blob = await blobs().write([bytes], limits.imageBytes);
  return { sha256: blob.key, mime, bytes: blob.bytes };
}

/**
 * Copies what a link shows into the caller's own workspace, where it can go on: with ids of its own, the images,
 * inspections and masks. The file as it was uploaded goes along, one on disk however many own it, when the link
 * includes metadata or the caller made it; everybody else gets the pixels only. Returns the id of the new conversation.
 * @throws AppError gone, not_found
 */
export async function forkShare(owner: Owner, share: ShareRow): Promise<string> {
  const { title, messages, images, contexts } = await readSharedConversation(share);
  const wanted = messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'data-image' ? [part.data] : [])),
  );
  if (wanted.some(({ imageId }) => !images.has(imageId))) {
    throw new AppError('gone', 'An image of this conversation is gone: it can be read, but not continued');
  }
  const ids = new Map(messages.map(({ id }) => [id, newId()]));
  const whole = share.includeMetadata || share.ownerId === owner.userId;
  for (const image of images.values()) {
    const { id, sha256, name, mime, width, height, bytes, pages, low, high } = image;
    const file = whole ? { sha256, mime, bytes, pages, low, high } : await storePixels(image);
    const copy = await putImage(owner, { id: newId(), name, width, height, ...file });
    ids.set(id, copy.id);
  }
  const conversationId = newId();
  const copies: ForkedMessage[] = [];
  for (const message of messages) {
    copies.push(await copyMessage({ userId: share.ownerId }, message, contexts[message.id], ids));
  }
  await storeFork(owner, { conversationId, title, messages: copies });
  return conversationId;
}
