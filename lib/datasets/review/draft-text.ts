import { sourceOf } from '@/lib/assistant/images/image-source';
import type { draftFields } from '@/lib/datasets/contract';
import type { Owner } from '@/lib/database/owner';
import { queueKey } from '@/lib/engine/rounds';
import { findReviewItem } from '@/lib/database/reviews/item';
import { findImageContent } from '@/lib/database/reviews/content';
import type { TurnMessage } from '@/lib/turn/types';
import { answerWith } from '@/lib/engines/answer';
import { EMBEDDED_ENGINE } from '@/lib/engines/registry';
import { notFound } from '@/lib/http/app-error';
import type { ItemAddress } from './submit-review';

type Field = (typeof draftFields)[number];

/** The questions that the workbench's own chips ask, so that a draft is what a chat about the image would say. */
const QUESTIONS: Readonly<Record<Field, string>> = {
  description: 'Is there any anomaly in this image? If so, describe it and show where it is.',
  impact: 'What is the impact of this anomaly?',
  suggestion: 'What should we do about it?',
};
const ORDER: readonly Field[] = ['description', 'impact', 'suggestion'];

/**
 * Drafts the text of an item with the model: one conversation about its image, a turn for each field. The description is always asked first, since the later
 * answers build on it.
 * @returns each wanted field as soon as it is written
 * @throws AppError not_found; EngineError as a chat
 */
export async function* draftText(
  who: Owner,
  { datasetId, itemId }: ItemAddress,
  fields: readonly Field[],
  signal: AbortSignal,
): AsyncGenerator<{ field: Field; text: string }> {
  const item = await findReviewItem(who, datasetId, itemId);
  const content = item === null ? null : await findImageContent(item.imageId);
  if (item === null || content === null) {
    throw notFound('item');
  }
  const source = await sourceOf(content);
  const last = ORDER.findLastIndex((field) => fields.includes(field));
  const messages: TurnMessage[] = [];
  for (const field of ORDER.slice(0, last + 1)) {
    if (field !== 'description' && !fields.includes(field)) {
      continue;
    }
    const images = field === 'description' ? [{ id: item.imageId, name: item.image.name, source }] : [];
    messages.push({ role: 'user', text: QUESTIONS[field], images, references: [] });
    let text = '';
    const { context } = await answerWith(
      EMBEDDED_ENGINE,
      { messages, focus: null, settings: {} },
      {
        key: queueKey(who.userId, `draft ${itemId}`),
        signal,
        onEvent: (event) => {
          if ('type' in event && event.type === 'text') {
            text += event.delta;
          }
        },
      },
    );
    messages.push({ role: 'assistant', text, context });
    if (fields.includes(field)) {
      yield { field, text: text.trim() };
    }
  }
}
