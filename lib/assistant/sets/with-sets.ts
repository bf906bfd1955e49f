import type { SheetItem, SheetPart, StoredMessage } from '@/lib/contract';
import { findInspection } from '@/lib/database/inspections';
import type { Owner } from '@/lib/database/owner';
import type { TurnImage, TurnRequest } from '@/lib/turn/types';
import { frozenOf } from '@/lib/images/frozen-payload';

/** The sheet of an answer, if it has one. */
export function sheetOf(answer: StoredMessage | undefined): SheetPart | undefined {
  return answer?.parts.flatMap((part) => (part.type === 'data-sheet' ? [part.data] : []))[0];
}

async function withSet(owner: Owner, image: TurnImage, item: SheetItem | undefined): Promise<TurnImage> {
  if (item?.basis.kind !== 'set') {
    return image;
  }
  const row = await findInspection(owner, item.inspectionId);
  const frozen = frozenOf(row?.payload);
  // The set's name comes first; a window on the values may follow it.
  const set = row?.referenceKey.split(',')[0];
  return frozen === null || set === undefined ? image : { ...image, within: { set, frozen } };
}

/**
 * Says of each image that was judged among others what that comparison gave, so that it is seen that way from then on:
 * what its sheet said of it still stands. References and a part that a question asks for come before.
 * @param branch the messages of the request, in its order
 * @param latest the sheet of the answer that is about to be written
 * @param hasPart whether the last question asks for a part
 */
export async function withSets(
  owner: Owner,
  request: TurnRequest,
  branch: readonly StoredMessage[],
  { latest, hasPart }: { latest: SheetPart | null; hasPart: boolean },
): Promise<TurnRequest> {
  const items = new Map<string, SheetItem>();
  const messages: TurnRequest['messages'] = [];
  for (const [index, message] of request.messages.entries()) {
    const isLast = index === request.messages.length - 1;
    const sheet = isLast ? latest : sheetOf(branch[index + 1]);
    for (const item of sheet?.items ?? []) {
      items.set(item.imageId, item);
    }
    const isPlain = message.role === 'user' && message.references.length === 0 && !(isLast && hasPart);
    messages.push(
      isPlain
        ? {
            ...message,
            images: await Promise.all(message.images.map((image) => withSet(owner, image, items.get(image.id)))),
          }
        : message,
    );
  }
  return { ...request, messages };
}
