import type { Bucket } from '@/lib/assistant/contract';
import { cn } from './cn';

const STYLE: Record<Bucket, string> = {
  slightly: 'bg-low-soft text-low border-low/40',
  moderately: 'bg-mid-soft text-mid border-mid/40',
  highly: 'bg-high-soft text-high border-high/40',
};

const WORDS: Record<Bucket, string> = {
  slightly: 'Slightly suspicious',
  moderately: 'Moderately suspicious',
  highly: 'Highly suspicious',
};

/** The calibrated image score (0..1) with the suspicion bucket in words. */
export function ScoreBadge({ score, bucket, compact = false }: { score: number; bucket: Bucket; compact?: boolean }) {
  return (
    <span
      className={cn('inline-flex items-center gap-1.5 rounded-full border px-2 text-2xs font-semibold', STYLE[bucket])}
      title={`${WORDS[bucket]}: image score ${score.toFixed(3)}`}
    >
      <span className="tabular-nums">{score.toFixed(2)}</span>
      <span className={compact ? 'sr-only' : ''}>{WORDS[bucket]}</span>
    </span>
  );
}
