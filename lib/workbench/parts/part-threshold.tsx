'use client';

import { useState } from 'react';
import type { Outlook, PartDetail } from '@/lib/parts/contract';
import { Button } from '../ui/button';
import { partsApi } from './client';
import { ThresholdChart } from './threshold-chart';
import { attempt } from './use-parts';

const share = (value: number | null) => (value === null ? 'not known' : `${(100 * value).toFixed(1)} %`);

/** What a threshold is expected to get wrong, in words. */
export function outlookText({ falseAlarms, misses }: Outlook): string {
  return falseAlarms === null
    ? 'Not enough is known yet: two good samples, or one with a known defect.'
    : `Expected: ${share(falseAlarms)} of good parts raise a false alarm, ${share(misses)} of defects are missed.`;
}

/** The threshold between the samples' scores: followed by itself, or set by a person who sees what to expect of it. */
export function PartThreshold({ part }: { part: PartDetail }) {
  const { current, suggested, curve } = part.outlook;
  const [chosen, setChosen] = useState<number | null>(null);
  const preview = chosen === null ? null : (curve[chosen] ?? null);
  const shown = preview ?? current;
  const apply = (threshold: number | null) =>
    void attempt(() => partsApi.change(part.id, part.version, { threshold }), part.id).then(() => setChosen(null));
  return (
    <section aria-labelledby="part-threshold" className="space-y-2">
      <h3 id="part-threshold" className="font-semibold text-strong">
        Threshold
      </h3>
      <ThresholdChart samples={part.samples} threshold={shown.threshold} />
      <p className="text-xs text-fg" role="status">
        {outlookText(shown)}
      </p>
      <p className="text-2xs text-muted">
        {shown.misses !== null && part.defects === 0
          ? 'No defect is known yet: the share of misses is what is usual for parts. '
          : ''}
        {part.thresholdSet
          ? `Set by a person; the samples suggest ${suggested.threshold?.toFixed(3) ?? 'none'}.`
          : 'Follows the samples: each correction moves it.'}
      </p>
      {curve.length > 0 ? (
        <div className="flex max-w-xl flex-wrap items-center gap-2">
          <input
            type="range"
            aria-label="Threshold to try"
            aria-valuetext={shown.threshold?.toFixed(3) ?? 'none'}
            min={0}
            max={curve.length - 1}
            step={1}
            value={chosen ?? nearest(curve, current.threshold)}
            onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}
            className="min-w-40 flex-1 accent-(--accent)"
          />
          {preview === null ? null : (
            <Button size="sm" variant="primary" onClick={() => apply(preview.threshold)}>
              Use {preview.threshold?.toFixed(3)}
            </Button>
          )}
          {preview !== null || part.thresholdSet ? (
            <Button size="sm" variant="secondary" onClick={() => apply(null)}>
              Follow the samples
            </Button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

function nearest(curve: readonly Outlook[], threshold: number | null): number {
  let best = 0;
  for (const [index, each] of curve.entries()) {
    const before = curve[best]?.threshold ?? 0;
    if (Math.abs((each.threshold ?? 0) - (threshold ?? 0.5)) < Math.abs(before - (threshold ?? 0.5))) {
      best = index;
    }
  }
  return best;
}
