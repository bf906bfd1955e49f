import type { SampleInfo } from '@/lib/parts/contract';

const WIDTH = 576;
const HEIGHT = 120;
const BASE = 88;
/** Scores crowd at both ends, so they are drawn by their logits, which these bound. */
const [LOWEST, HIGHEST] = [-4, 8];
const BINS = 36;

const logit = (score: number) => Math.log(Math.max(1e-6, score) / Math.max(1e-6, 1 - score));
const xOf = (score: number) =>
  ((Math.min(HIGHEST, Math.max(LOWEST, logit(score))) - LOWEST) / (HIGHEST - LOWEST)) * WIDTH;

function countBins(samples: readonly SampleInfo[], kind: SampleInfo['kind']): number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const { score } of samples.filter((sample) => sample.kind === kind)) {
    if (score !== null) {
      const bin = Math.min(BINS - 1, Math.floor((xOf(score) / WIDTH) * BINS));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
  }
  return bins;
}

/** How good samples and known defects score, and where the threshold is between them. */
export function ThresholdChart({ samples, threshold }: { samples: readonly SampleInfo[]; threshold: number | null }) {
  const good = countBins(samples, 'golden');
  const defects = countBins(samples, 'defect');
  const most = Math.max(1, ...good.map((count, bin) => count + (defects[bin] ?? 0)));
  const step = WIDTH / BINS;
  const height = (count: number) => (count / most) * (BASE - 10);
  const scored = samples.filter(({ score }) => score !== null).length;
  return (
    <figure className="max-w-xl">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Scores of ${scored} samples; the threshold is ${threshold?.toFixed(3) ?? 'not known yet'}`}
        className="w-full"
      >
        <line x1="0" x2={WIDTH} y1={BASE} y2={BASE} stroke="var(--line-strong)" />
        {good.map((count, bin) => (
          <g key={bin}>
            <rect
              x={bin * step + 1}
              width={step - 2}
              y={BASE - height(count)}
              height={height(count)}
              fill="var(--low)"
            />
            <rect
              x={bin * step + 1}
              width={step - 2}
              y={BASE - height(count) - height(defects[bin] ?? 0)}
              height={height(defects[bin] ?? 0)}
              fill="var(--high)"
            />
          </g>
        ))}
        {[0.1, 0.5, 0.9, 0.99].map((score) => (
          <text key={score} x={xOf(score)} y={BASE + 13} textAnchor="middle" className="fill-muted text-[11px]">
            {score}
          </text>
        ))}
        {threshold === null ? null : (
          <g>
            <line x1={xOf(threshold)} x2={xOf(threshold)} y1="2" y2={BASE} stroke="var(--accent)" strokeWidth="2" />
            <text
              x={Math.min(WIDTH - 24, Math.max(24, xOf(threshold)))}
              y={HEIGHT - 4}
              textAnchor="middle"
              className="fill-accent text-[11px] font-semibold"
            >
              {threshold.toFixed(3)}
            </text>
          </g>
        )}
      </svg>
      <figcaption className="flex gap-4 text-2xs text-muted">
        <span className="inline-flex items-center gap-1">
          <i className="size-2 rounded-xs bg-low" aria-hidden /> good samples, each beside the others
        </span>
        <span className="inline-flex items-center gap-1">
          <i className="size-2 rounded-xs bg-high" aria-hidden /> known defects
        </span>
      </figcaption>
    </figure>
  );
}
