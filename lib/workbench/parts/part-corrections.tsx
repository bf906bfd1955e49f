'use client';

import { Undo2 } from 'lucide-react';
import type { CorrectionInfo, PartDetail } from '@/lib/parts/contract';
import { imageUrl } from '../client/api';
import { relativeTime } from '../shell/relative-time';
import { Button } from '../ui/button';
import { partsApi } from './client';
import { attempt } from './use-parts';

const WORDS: Record<CorrectionInfo['kind'], string> = {
  fine: 'False alarm: it is fine',
  missed: 'Missed a defect',
  right: 'Right',
};

/** What people said of verdicts on the part, the latest first; each can be taken back. */
export function PartCorrections({ part: { id, corrections } }: { part: PartDetail }) {
  if (corrections.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="part-corrections">
      <h3 id="part-corrections" className="mb-1.5 font-semibold text-strong">
        Corrections
      </h3>
      <ul className="max-w-xl divide-y divide-line rounded-lg border border-line">
        {corrections.map((correction) => (
          <li key={correction.id} className="flex items-center gap-2 px-2 py-1.5 text-xs">
            {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image */}
            <img src={imageUrl(correction.imageId, 160)} alt="" className="size-8 rounded object-cover" />
            <span className="min-w-0 flex-1">
              <span className={correction.undoneAt === null ? '' : 'text-muted line-through'}>
                {WORDS[correction.kind]}
                {correction.defectType === null ? '' : `: ${correction.defectType}`}
              </span>
              <span className="block truncate text-2xs text-muted">
                {correction.author ?? 'Somebody'} · {relativeTime(correction.createdAt)}
                {moved(correction)}
                {correction.undoneAt === null ? '' : ` · taken back by ${correction.undoneBy ?? 'somebody'}`}
              </span>
            </span>
            {correction.undoneAt === null ? (
              <Button size="sm" onClick={() => void attempt(() => partsApi.undo(id, correction.id), id)}>
                <Undo2 aria-hidden /> Undo
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function moved({ thresholdBefore, thresholdAfter }: CorrectionInfo): string {
  return thresholdBefore === null || thresholdAfter === null || thresholdBefore === thresholdAfter
    ? ''
    : ` · threshold ${thresholdBefore.toFixed(3)} → ${thresholdAfter.toFixed(3)}`;
}
