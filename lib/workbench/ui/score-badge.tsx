import { describeBasis } from '@/lib/contract/verdict';
import type { Bucket, Judgement } from '@/lib/contract';
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

/** What a badge says of an inspection. */
export type Scored = Judgement & { score: number; bucket: Bucket };

/** The bucket's style, or that of doubt. */
function lookOf({ verdict, bucket }: Pick<Scored, 'verdict' | 'bucket'>) {
  return verdict === 'unsure'
    ? { style: STYLE.moderately, words: 'unsure', long: 'Cannot tell' }
    : { style: STYLE[bucket], words: WORDS[bucket], long: WORDS[bucket] };
}

/**
 * The probability that the image is anomalous (0..1), with the suspicion bucket in words, or that it cannot be told.
 */
export function ScoreBadge({ inspection, compact = false }: { inspection: Scored; compact?: boolean }) {
  const { score, probability, verdict, basis, foreignness } = inspection;
  const { style, words, long } = lookOf(inspection);
  const foreign = foreignness === null ? '' : `, foreignness ${foreignness.toFixed(2)}`;
  return (
    <span
      data-verdict={verdict}
      className={cn('inline-flex items-center gap-1.5 rounded-full border px-2 text-2xs font-semibold', style)}
      title={`${long}: probability ${probability.toFixed(3)}, image score ${score.toFixed(3)}, from ${describeBasis(basis)}${foreign}`}
    >
      <span className="tabular-nums">
        {probability.toFixed(2)}
        {verdict === 'unsure' ? ',' : ''}
      </span>
      <span className={compact && verdict !== 'unsure' ? 'sr-only' : ''}>{words}</span>
    </span>
  );
}
