import { placeOfRle } from '@/lib/segmentation/describe';
import { rleSchema } from '@/lib/contract/parts';
import { sourceOf, type StoredImage } from '@/lib/images/image-source';
import { annotationLimits, type DraftField, draftFields, type Label } from '@/lib/datasets/contract';
import { answerWith } from '@/lib/engines/answer';
import type { NamedEngine } from '@/lib/engines/registry';
import type { Engine } from '@/lib/engine/worker/client';
import type { TurnMessage } from '@/lib/turn/types';

/** The questions that the workbench's own chips ask, so that a draft is what a chat about the image would say. */
const QUESTIONS: Readonly<Record<DraftField, string>> = {
  description: 'Is there any anomaly in this image? If so, describe it and show where it is.',
  impact: 'What is the impact of this anomaly?',
  suggestion: 'What should we do about it?',
};

/** An item whose texts are written: its picture, and what people have said about it. */
export type Written = {
  imageId: string;
  image: StoredImage & { name: string };
  label: Label;
  defectType: string | null;
  /** Run lengths of the annotated mask, as stored. */
  rle: unknown;
};

/**
 * What people have said about an item, for a model elsewhere; the embedded one words what it measures, whatever it is
 * told.
 */
function known({ label, defectType, rle }: Written): string {
  if (label === 'unlabelled') {
    return '';
  }
  if (label === 'normal') {
    return 'People labelled this image normal. ';
  }
  const kind = defectType === null ? '' : `, kind: ${defectType.replace(/\s+/g, ' ')}`;
  const mask = rleSchema.safeParse(rle);
  const place = mask.success ? `, marked at the ${placeOfRle(mask.data)}` : '';
  return `People labelled this image anomalous${kind}${place}. `;
}

type Writing = { engine: NamedEngine; key: string; signal: AbortSignal; local?: Engine | undefined };

/**
 * Has an engine write texts about an item: one conversation about its image, a turn for each field. The description is
 * always asked first, since the later answers build on it.
 * @returns each wanted field as soon as it is written
 * @throws EngineError as a chat
 */
export async function* writeTexts(
  item: Written,
  fields: readonly DraftField[],
  { engine, key, signal, local }: Writing,
): AsyncGenerator<{ field: DraftField; text: string }> {
  const source = await sourceOf(item.image);
  const last = draftFields.findLastIndex((field) => fields.includes(field));
  const messages: TurnMessage[] = [];
  for (const field of draftFields.slice(0, last + 1)) {
    const isFirst = field === 'description';
    if (!isFirst && !fields.includes(field)) {
      continue;
    }
    const images = isFirst ? [{ id: item.imageId, name: item.image.name, source }] : [];
    const said = isFirst && engine.kind === 'remote' ? known(item) : '';
    messages.push({ role: 'user', text: `${said}${QUESTIONS[field]}`, images, references: [] });
    let text = '';
    const { context } = await answerWith(
      engine,
      { messages, focus: null, settings: {} },
      {
        key,
        signal,
        onEvent: (event) => {
          if ('type' in event && event.type === 'text') {
            text += event.delta;
          }
        },
      },
      local,
    );
    messages.push({ role: 'assistant', text, context });
    if (fields.includes(field)) {
      yield { field, text: text.trim().slice(0, annotationLimits.textLength) };
    }
  }
}
