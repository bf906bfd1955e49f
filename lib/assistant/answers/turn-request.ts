import type { ChatSettings, ImagePart, SheetPart, StoredMessage } from '@/lib/contract';
import type { TurnContextData, TurnImage, TurnMessage, TurnRequest, TurnSettings } from '@/lib/turn/types';
import { textOf, toStoredMessage } from '@/lib/assistant/conversations/stored-message';
import { sheetOf } from '@/lib/assistant/sets/with-sets';
import type { ImageRow } from '@/lib/database/images';
import { sourceOf } from '@/lib/images/image-source';
import type { MessageRow } from '@/lib/database/messages';
import { AppError } from '@/lib/http/app-error';
import { readTurnContext, type TurnContext } from './turn-context';

/** More pictures than this fit no prompt. */
const MOST_SHOWN = 16;

/** What a question of the past was about; one that was refused then has its text only. */
function readPastContext(branch: readonly StoredMessage[]): TurnContext {
  try {
    return readTurnContext(branch);
  } catch (error) {
    if (error instanceof AppError) {
      return {
        command: null,
        question: textOf(branch.at(-1)?.parts ?? []),
        subjects: [],
        isNamed: false,
        references: [],
      };
    }
    throw error;
  }
}

/**
 * The images of a question that the model is shown: of a set the one that its sheet names, since a hundred pictures fit
 * no prompt. The others can be asked about by their names.
 */
function shownOf({ subjects, references }: TurnContext, sheet: SheetPart | undefined): ImagePart[] {
  if (sheet !== undefined) {
    return subjects.filter(({ imageId }) => imageId === sheet.subjectId);
  }
  // A set whose sheet did not come to be: stopped, or asked of an engine that keeps none.
  return references.length === 0 && subjects.length > MOST_SHOWN ? [] : subjects;
}

/** A message of a branch, and for an answer the context that its turn left. */
export type BranchMessage = { message: StoredMessage; context: TurnContextData | null };

/**
 * Builds the request for the turn that answers the last message of a branch. Each question carries the images that were
 * not looked at before with the same references; the others are in the context already.
 * @param branch messages from the root to the question
 * @param toImage where the engine finds an image
 * @param evidence what queries say about the data set that the question names; put after its text, as it was for the
 *   questions before
 * @param sheet of the set that the last question brings
 * @throws AppError invalid_request, see `readTurnContext`; whatever `toImage` throws
 */
export async function composeTurn(
  branch: readonly BranchMessage[],
  toImage: (image: ImagePart) => Promise<TurnImage>,
  settings: TurnSettings,
  evidence = '',
  sheet?: SheetPart,
): Promise<TurnRequest> {
  const messages = branch.map(({ message }) => message);
  const seen = new Set<string>();
  const turnMessages: TurnMessage[] = [];
  let focus: string | null = null;
  let hasSet = false;
  let spokenOf: ImagePart | undefined;
  for (const [index, { message, context: answerContext }] of branch.entries()) {
    if (message.role === 'assistant') {
      turnMessages.push({ role: 'assistant', text: textOf(message.parts), context: answerContext });
      continue;
    }
    const upToHere = messages.slice(0, index + 1);
    const isLast = index === branch.length - 1;
    const context = isLast ? readTurnContext(upToHere) : readPastContext(upToHere);
    const references = context.references.map(({ imageId }) => imageId).sort();
    const own = shownOf(context, isLast ? sheet : sheetOf(messages[index + 1]));
    // After a set, a question that names no image is about the one that was spoken of last, not about the last of the
    // set.
    const subjects: ImagePart[] = context.isNamed || !hasSet || spokenOf === undefined ? own : [spokenOf];
    hasSet ||= context.isNamed && own.length < context.subjects.length;
    spokenOf = subjects.at(-1) ?? spokenOf;
    const unseen = subjects.filter(({ imageId }) => !seen.has([imageId, ...references].join()));
    unseen.forEach(({ imageId }) => seen.add([imageId, ...references].join()));
    focus = context.isNamed ? (subjects.at(-1)?.imageId ?? null) : null;
    turnMessages.push({
      role: 'user',
      text: `${context.question}${isLast ? evidence : evidenceOf(messages[index + 1])}`,
      images: await Promise.all(unseen.map(toImage)),
      references: unseen.length === 0 ? [] : await Promise.all(context.references.map(toImage)),
    });
  }
  return { messages: turnMessages, focus, settings };
}

/**
 * Builds the request for the turn that answers the last stored message of a branch; see `composeTurn`.
 * @param images the rows of all images of the branch, by id
 * @throws AppError invalid_request, see `readTurnContext`; not_found when an image is gone
 */
export function buildTurnRequest(
  branch: readonly MessageRow[],
  images: ReadonlyMap<string, ImageRow>,
  settings: ChatSettings,
  evidence = '',
  sheet?: SheetPart,
): Promise<TurnRequest> {
  const messages = branch.map((row) => ({
    message: toStoredMessage(row),
    context: row.context as TurnContextData | null,
  }));
  return composeTurn(messages, (image) => toTurnImage(image, images), settings, evidence, sheet);
}

/** The file name in evidence that earlier versions stored: none is to reach an engine elsewhere. */
const FIRST_FILE = /\bfirst .*?, labelled /gs;

/** What the model was told about a data set for the question that this message answers. */
function evidenceOf(answer: StoredMessage | undefined): string {
  return (answer?.parts ?? [])
    .flatMap((part) => (part.type === 'data-dataset' ? [part.data.evidence] : []))
    .join('')
    .replace(FIRST_FILE, 'the first is labelled ');
}

async function toTurnImage({ imageId, name }: ImagePart, images: ReadonlyMap<string, ImageRow>): Promise<TurnImage> {
  const row = images.get(imageId);
  if (row === undefined) {
    throw new AppError('not_found', `The image ${name} is gone: attach it again`);
  }
  return { id: imageId, name, source: await sourceOf(row) };
}
