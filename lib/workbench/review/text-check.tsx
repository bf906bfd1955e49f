'use client';

import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { measureMask } from '@/lib/segmentation/describe';
import { checkStatements } from '@/lib/segmentation/statements';
import type { MaskDocument } from '../mask-editor/mask-document';
import { useStore } from '../state/create-store';

/** Says whether what a text states about place, extent, size and number fits the mask as it is now. */
export function TextCheck({ text, document }: { text: string; document: MaskDocument }) {
  const version = useDeferredValue(useStore(document.changes, (count) => count));
  const shown = useDeferredValue(text);
  // The mask is changed in place: its version stands for it.
  const statements = useMemo(
    () => (version >= 0 && shown.trim() !== '' ? checkStatements(shown, measureMask(document.mask)) : []),
    [shown, version, document],
  );
  const wrong = statements.filter(({ agrees }) => !agrees);
  if (statements.length === 0) {
    return null;
  }
  return wrong.length === 0 ? (
    <p data-text-check="agrees" className="flex items-center gap-1.5 text-2xs text-low">
      <CircleCheck className="size-3.5 shrink-0" aria-hidden />
      {statements.length === 1 ? 'The statement fits' : `All ${statements.length} statements fit`} the mask
    </p>
  ) : (
    <p data-text-check="differs" className="flex items-start gap-1.5 text-2xs text-mid">
      <TriangleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      <span>Does not fit the mask: {wrong.map(({ text: words }) => `“${words}”`).join(', ')}</span>
    </p>
  );
}
