import type { PartsAsked } from '@/lib/anomaly/part-finding';
import type { ChatSettings, StoredMessage } from '@/lib/contract';
import type { TurnRequest } from '@/lib/turn/types';
import type { Owner } from '@/lib/database/owner';
import { AppError } from '@/lib/http/app-error';
import { askForParts, toPartWish, type PartWish } from '@/lib/parts/ask';

/** The part that an earlier answer compared an image with. */
function earlierWish(answer: StoredMessage | undefined, imageId: string): PartWish {
  const part = (answer?.parts ?? []).flatMap((each) =>
    each.type === 'data-inspection' && each.data.imageId === imageId ? (each.data.part ?? []) : [],
  )[0];
  return part === undefined ? 'none' : { id: part.id };
}

/** A part of an earlier answer that is gone, or has no samples any more, is none. */
async function askAgain(owner: Owner, wish: PartWish): Promise<PartsAsked | undefined> {
  try {
    return await askForParts(owner, wish);
  } catch (error) {
    if (error instanceof AppError) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Says which parts each image without references is compared with: those of the last question as the settings say (by
 * default whatever they look like), earlier ones as their answers did, so that what was said of them still stands.
 * @param branch the messages of the request, in its order
 * @throws AppError not_found, conflict for a part that was chosen
 */
export async function withParts(
  owner: Owner,
  request: TurnRequest,
  branch: readonly StoredMessage[],
  { part = 'auto' }: Pick<ChatSettings, 'part'>,
): Promise<TurnRequest> {
  // The images of a question are asked about together: each time, every part is read.
  const known = new Map<string, Promise<PartsAsked | undefined>>();
  const once = (wish: PartWish, isLast: boolean) => {
    const key = JSON.stringify([wish, isLast]);
    const asked = known.get(key) ?? (isLast ? askForParts(owner, wish) : askAgain(owner, wish));
    known.set(key, asked);
    return asked;
  };
  const messages: TurnRequest['messages'] = [];
  for (const [index, message] of request.messages.entries()) {
    if (message.role === 'assistant' || message.references.length > 0) {
      messages.push(message);
      continue;
    }
    const isLast = index === request.messages.length - 1;
    const images = [];
    for (const image of message.images) {
      const wish = isLast ? toPartWish(part) : earlierWish(branch[index + 1], image.id);
      const parts = await once(wish, isLast);
      images.push({ ...image, ...(parts !== undefined && { parts }) });
    }
    messages.push({ ...message, images });
  }
  return { ...request, messages };
}
