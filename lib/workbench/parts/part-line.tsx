'use client';

import type { InspectionPart, MaskPart } from '@/lib/contract';
import { CorrectionBar } from './correction-bar';
import { PartChip } from './part-chip';

/** Below an image in an answer: the part that it was compared with, and what can be said of the verdict. */
export default function PartLine({
  inspection,
  masks,
  name,
  disabled,
  onChoose,
}: {
  inspection: InspectionPart;
  masks: readonly MaskPart[];
  name: string;
  disabled: boolean;
  onChoose: (part: string) => void;
}) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-0.5 border-t border-line pt-1">
      <PartChip inspection={inspection} name={name} disabled={disabled} onChoose={onChoose} />
      <CorrectionBar inspection={inspection} masks={masks} name={name} />
    </div>
  );
}
