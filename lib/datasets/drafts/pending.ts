import { findPendingDraft } from '@/lib/database/draft-jobs';
import { parseVerdict } from '@/lib/turn/said-verdict';
import type { AnnotationState, PendingDraft } from '../contract';

/**
 * What an engine wrote for an item in the background, as far as the item lacks it; null: nothing that waits for a
 * person.
 */
export async function readPendingDraft(itemId: string, annotation: AnnotationState): Promise<PendingDraft | null> {
  const draft = await findPendingDraft(itemId);
  if (draft === null) {
    return null;
  }
  const open = (field: 'description' | 'impact' | 'suggestion') =>
    annotation[field] === null && draft[field] !== '' ? draft[field] : null;
  const text = { description: open('description'), impact: open('impact'), suggestion: open('suggestion') };
  if (Object.values(text).every((value) => value === null)) {
    return null;
  }
  const said = draft.description === null ? null : parseVerdict(draft.description);
  const opposite = { normal: 'yes', anomalous: 'no', unlabelled: undefined } as const;
  return { by: draft.by, text, contradicts: said !== null && said === opposite[annotation.label] };
}
