import type { ChatSettings, SheetPart, StoredMessage } from '@/lib/contract';
import { readTurnContext } from '@/lib/assistant/answers/turn-context';
import type { ImageRow } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import { getEngine } from '@/lib/engine/worker/client';
import { AppError } from '@/lib/http/app-error';
import { toPartWish } from '@/lib/parts/ask';
import { isSet, judgeSet } from './judge-set';

/**
 * The contact sheet of the last question, when the images that it brings or names are a set; null when they are not. A
 * comparison (`/compare`) is of one image with the others.
 * @param branch messages from the root to the question
 * @param images the rows of all images of the branch, by id
 * @throws AppError as `readTurnContext`; unreadable_image when none of the images could be judged; and as `judgeSet`
 */
export async function answerSet(
  owner: Owner,
  branch: readonly StoredMessage[],
  images: ReadonlyMap<string, ImageRow>,
  { part = 'auto' }: Pick<ChatSettings, 'part'>,
  options: Parameters<typeof judgeSet>[3],
): Promise<SheetPart | null> {
  const { command, subjects, isNamed, references } = readTurnContext(branch);
  if (command === 'compare' || !isNamed || !isSet(subjects.length)) {
    return null;
  }
  const rowOf = ({ imageId, name }: { imageId: string; name: string }) => {
    const row = images.get(imageId);
    if (row === undefined) {
      throw new AppError('not_found', `The image ${name} is gone: attach it again`);
    }
    return row;
  };
  const sheet = await judgeSet(
    owner,
    getEngine(),
    { images: subjects.map(rowOf), references: references.map(rowOf), part: toPartWish(part) },
    options,
  );
  const [first] = sheet.failed;
  if (sheet.items.length === 0 && first !== undefined) {
    throw new AppError('unreadable_image', `None of the images could be judged. The first: ${first.reason}`);
  }
  return sheet;
}
