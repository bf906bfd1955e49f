import { newId, type ImagePart, type StoredMessage } from '@/lib/contract';
import { composeTurn, type BranchMessage } from '@/lib/assistant/answers/turn-request';
import { TemporaryImages, type TemporaryImage } from '@/lib/images/temporary-images';
import type { TurnRequest } from '@/lib/turn/types';
import type { Owner } from '@/lib/database/owner';
import { EngineError } from '@/lib/engine/errors';
import { AppError } from '@/lib/http/app-error';
import { MESSAGE_LENGTH } from './contract';
import { conversationKey, recall, type PastMessage, type Remembered } from './context-memory';
import { DoorError } from './door-error';
import type { AskedImage, AskedMessage, Question } from './question';

/** Pictures of one request, in all its messages. */
const MAX_IMAGES = 32;

export type PreparedTurn = {
  request: TurnRequest;
  /** The conversation as it is remembered, up to the question. */
  told: PastMessage[];
  /** What the latest answer that is remembered left. */
  known: Remembered | null;
  /** Position of a picture among those of the request, from 1. */
  positionOf: (imageId: string) => number;
  /** Removes the pictures from the disk. */
  dispose: () => Promise<void>;
};

type Placed = { image: TemporaryImage; role: AskedImage['role'] };

/** Pictures of one message: sets are the workbench's. */
const MOST_PICTURES = 16;

function checkCounts(messages: readonly AskedMessage[]): void {
  const many = messages.find(({ images }) => images.length > MOST_PICTURES);
  if (many !== undefined) {
    throw new DoorError(`${many.field} has more than ${MOST_PICTURES} pictures: send fewer`, {
      param: many.field,
    });
  }
  if (messages.reduce((sum, { images }) => sum + images.length, 0) > MAX_IMAGES) {
    throw new DoorError(`The request has more than ${MAX_IMAGES} pictures: send fewer`, { param: 'messages' });
  }
}

/** A picture of the request, checked; a refusal names its field. */
async function place({ bytes, role, field }: AskedImage, store: TemporaryImages): Promise<Placed> {
  try {
    return { image: await store.add(bytes), role };
  } catch (error) {
    if (error instanceof EngineError && error.code !== 'internal' && error.code !== 'cancelled') {
      const code = error.code;
      throw new DoorError(`${field}: ${error.message}`, { code, param: field });
    }
    if (error instanceof AppError) {
      throw new DoorError(`${field}: ${error.message}`, { code: error.code, param: field });
    }
    throw error;
  }
}

/** The message as the conversation's code knows it. Nothing of it is stored. */
function toMessage(
  { role, text }: AskedMessage,
  placed: readonly Placed[],
  nameOf: (id: string) => string,
): StoredMessage {
  const once = new Map(placed.map((each) => [each.image.id, each]));
  const images = [...once.values()].map(({ image: { id, width, height }, role: part }) => ({
    type: 'data-image' as const,
    data: { imageId: id, role: part, name: nameOf(id), width, height },
  }));
  return {
    id: newId(),
    role,
    parts: [...images, { type: 'text', text: role === 'assistant' ? text.slice(0, MESSAGE_LENGTH) : text }],
    metadata: { parentId: null, createdAt: new Date().toISOString(), state: 'complete' },
  };
}

/**
 * Puts a request's pictures on the disk for the time of its answer, and makes the engine's turn of its messages.
 * @throws DoorError for a picture that cannot be read, naming its field
 */
export async function prepareTurn(owner: Owner, { messages, settings, stop }: Question): Promise<PreparedTurn> {
  checkCounts(messages);
  const store = new TemporaryImages(owner.userId);
  try {
    const order: string[] = [];
    const images = new Map<string, TemporaryImage>();
    const told: PastMessage[] = [];
    const branch: BranchMessage[] = [];
    let known: Remembered | null = null;
    const nameOf = (id: string) => `image ${order.indexOf(id) + 1}`;
    for (const message of messages) {
      const placed: Placed[] = [];
      for (const image of message.images) {
        const each = await place(image, store);
        placed.push(each);
        images.set(each.image.id, each.image);
        if (!order.includes(each.image.id)) {
          order.push(each.image.id);
        }
      }
      told.push({
        role: message.role,
        text: message.text,
        images: placed.map(({ image, role }) => ({ id: image.id, role })),
      });
      const found = message.role === 'assistant' ? recall(conversationKey(owner.userId, told)) : undefined;
      known = found ?? known;
      branch.push({ message: toMessage(message, placed, nameOf), context: found?.context ?? null });
    }
    const toImage = ({ imageId, name }: ImagePart) => {
      const image = images.get(imageId);
      if (image === undefined) {
        throw new Error(`${name} was not placed.`);
      }
      return Promise.resolve({ id: imageId, name, source: { path: image.path } });
    };
    const request = await composeTurn(branch, toImage, { ...settings, stop });
    const positionOf = (id: string) => order.indexOf(id) + 1;
    return { request, told, known, positionOf, dispose: () => store.dispose() };
  } catch (error) {
    await store.dispose();
    throw error;
  }
}
