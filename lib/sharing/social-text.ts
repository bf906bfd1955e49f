import { describeScore, shownImages, type ExportedConversation } from '@/lib/assistant/exports/gather';
import { textOf } from '@/lib/assistant/conversations/stored-message';
import { toBlocks } from '@/lib/assistant/exports/plain-text';

const MAX_LENGTH = 200;

/**
 * Title and one line about a shared conversation, for previews: the score of the first inspected image and the
 * beginning of its answer.
 */
export function describeShared({ title, messages, images }: ExportedConversation) {
  const answer = messages.find(({ role }) => role === 'assistant');
  const inspection = messages.flatMap(shownImages).find((shown) => shown.inspection !== undefined)?.inspection;
  const words = toBlocks(answer === undefined ? '' : textOf(answer.parts))
    .map(({ text }) => text)
    .join(' ');
  const line = [inspection === undefined ? '' : `${describeScore(inspection)}.`, words].join(' ').trim();
  return {
    title,
    description: line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH).replace(/\s+\S*$/, '')}…`,
    hasPicture: messages.flatMap(shownImages).some(({ imageId }) => images.has(imageId)),
  };
}
