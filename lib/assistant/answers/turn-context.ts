import type { ImagePart, StoredMessage } from '@/lib/contract';
import { expandCommand, type CommandName } from '@/lib/contract/commands';
import { textOf } from '@/lib/assistant/conversations/stored-message';
import { AppError } from '@/lib/http/app-error';
import { imagesOf, mentionedImages } from './message-images';

/** What one question is about. */
export type TurnContext = {
  command: CommandName | null;
  /** The question for the model: commands are expanded. */
  question: string;
  /** The images to look at, in order; those of earlier messages when the question brings and mentions none. */
  subjects: ImagePart[];
  /** Whether the question brings or mentions its subjects. */
  isNamed: boolean;
  /** Normal images to compare with. */
  references: ImagePart[];
};

/** Asked when a message is images alone. */
const IMAGE_ONLY_QUESTION = 'Is there any anomaly in this image? If so, describe it and show where it is.';

/**
 * In a comparison without marked references the first image is the one in question and the others are what it is
 * compared with.
 */
function splitForComparison(images: ImagePart[]): Pick<TurnContext, 'subjects' | 'references'> {
  const references = images.filter(({ role }) => role === 'reference');
  const subjects = images.filter(({ role }) => role !== 'reference');
  return references.length > 0 || subjects.length < 2
    ? { subjects, references }
    : { subjects: subjects.slice(0, 1), references: subjects.slice(1) };
}

function last<Item>(items: readonly Item[]): Item[] {
  return items.slice(-1);
}

/**
 * Finds out what the last message of a branch asks and about which images. The message's own images count first, then
 * those that it mentions (`#name`, `#2`), then the latest image of the conversation; references stay in force until a
 * message brings others.
 * @param branch messages from the root to the question
 * @throws AppError invalid_request when a command needs an image, or `/compare` a reference, and there is none
 */
export function readTurnContext(branch: readonly StoredMessage[]): TurnContext {
  const message = branch.at(-1);
  const text = message === undefined ? '' : textOf(message.parts);
  const { command, question } = expandCommand(text);
  const known = branch.flatMap(imagesOf);
  const own = message === undefined ? [] : imagesOf(message);
  const mentioned = mentionedImages(text, known).filter(
    ({ imageId }) => !own.some((image) => image.imageId === imageId),
  );
  const named = [...own, ...mentioned];
  const split =
    command === 'compare'
      ? splitForComparison(named)
      : {
          subjects: named.filter(({ role }) => role === 'subject'),
          references: named.filter(({ role }) => role === 'reference'),
        };
  const subjects = split.subjects.length > 0 ? split.subjects : last(known.filter(({ role }) => role === 'subject'));
  const references = split.references.length > 0 ? split.references : latestReferences(branch);
  if (command !== null && subjects.length === 0) {
    throw new AppError('invalid_request', `/${command} needs an image: attach one or mention one with #`);
  }
  if (command === 'compare' && references.length === 0) {
    throw new AppError(
      'invalid_request',
      '/compare needs a normal image to compare with: attach one as a reference or mention one with #',
    );
  }
  const isNamed = split.subjects.length > 0;
  return { command, question: question === '' ? IMAGE_ONLY_QUESTION : question, subjects, isNamed, references };
}

/** The references that the latest message with any brought. */
function latestReferences(branch: readonly StoredMessage[]): ImagePart[] {
  const message = branch.findLast((each) => imagesOf(each).some(({ role }) => role === 'reference'));
  return message === undefined ? [] : imagesOf(message).filter(({ role }) => role === 'reference');
}
