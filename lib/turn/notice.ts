import { unsureText, type Judgement } from '@/lib/anomaly/verdict';
import type { NoticePart } from '@/lib/assistant/contract';

/** What the product says of an image that it cannot judge; null where it can. */
export function noticeOf(imageId: string, judgement: Judgement): NoticePart | null {
  return judgement.verdict === 'unsure'
    ? { kind: 'unsure', imageId, text: unsureText(judgement), action: 'attach-reference' }
    : null;
}
