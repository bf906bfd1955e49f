import { unsureText, type Judgement } from '@/lib/contract/verdict';
import type { NoticePart } from '@/lib/contract';

/** What the product says of an image that it cannot judge; null where it can. */
export function noticeOf(imageId: string, judgement: Judgement): NoticePart | null {
  return judgement.verdict === 'unsure'
    ? { kind: 'unsure', imageId, text: unsureText(judgement), action: 'attach-reference' }
    : null;
}
