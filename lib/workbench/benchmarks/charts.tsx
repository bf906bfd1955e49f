import type { Benchmark } from '@/lib/evaluation/benchmark-contract';
import type { CategoryReport } from '@/lib/evaluation/report';
import { percent } from '@/lib/evaluation/report-table';
import { ChartFrame, PLOT, plotX, plotY } from './chart-frame';
import { runName, seriesStyle } from './series';

/** One run's part of a category; null where the run does not have the category. */
export type CategoryOfRun = { run: Benchmark; position: number; category: CategoryReport };

/** The part of the false positive rate over which PRO is integrated, and drawn. */
const PRO_FPR_LIMIT = 0.3;

/** ROC over images or region overlap over pixels, one line per run. */
export function CurveChart({ kind, parts }: { kind: 'roc' | 'pro'; parts: readonly CategoryOfRun[] }) {
  const drawn = parts.filter(({ category }) => category.curves[kind].length > 0);
  if (drawn.length === 0) {
    return null;
  }
  const xMax = kind === 'roc' ? 1 : PRO_FPR_LIMIT;
  const area = ({ image, pixel }: CategoryReport) => percent(kind === 'roc' ? image.auroc : pixel?.pro);
  return (
    <ChartFrame
      title={kind === 'roc' ? 'ROC over images' : 'Overlap of regions (PRO)'}
      description={drawn.map(({ run, category }) => `${runName(run)}: area ${area(category)} %`).join('; ')}
      xLabel={kind === 'roc' ? 'false positive rate' : 'false positive rate of pixels'}
      yLabel={kind === 'roc' ? 'true positive rate' : 'mean overlap'}
      xMax={xMax}
      yMax={1}
    >
      {drawn.map(({ run, position, category }) => {
        const { colour, dash } = seriesStyle(position);
        const points = category.curves[kind].map(({ x, y }) => `${plotX(x / xMax).toFixed(1)},${plotY(y).toFixed(1)}`);
        return (
          <polyline
            key={run.id}
            points={points.join(' ')}
            fill="none"
            stroke={colour}
            strokeWidth="1.8"
            strokeDasharray={dash}
          />
        );
      })}
    </ChartFrame>
  );
}

const total = (bins: readonly number[]): number => bins.reduce((sum, bin) => sum + bin, 0);

/** How the scores of normal (filled) and anomalous (outlined) images spread, each as a share of its own class. */
export function HistogramChart({ part: { run, position, category } }: { part: CategoryOfRun }) {
  const { normal, anomalous } = category.histogram;
  const { colour } = seriesStyle(position);
  const shares = [normal, anomalous].map((bins) => bins.map((bin) => bin / Math.max(1, total(bins))));
  const most = Math.max(0.01, ...shares.flat());
  const step = PLOT.width / Math.max(1, normal.length);
  return (
    <ChartFrame
      title={`Scores: ${runName(run)}`}
      description={`${total(normal)} normal images filled, ${total(anomalous)} anomalous images outlined, over scores from 0 to 1`}
      xLabel="score (filled: normal, outlined: anomalous)"
      yLabel="share of images"
      xMax={1}
      yMax={most}
    >
      {shares.map((bins, series) =>
        bins.map((share, bin) => {
          const height = (share / most) * PLOT.height;
          return height === 0 ? null : (
            <rect
              key={`${series}-${bin}`}
              x={PLOT.left + bin * step + (series * step) / 2 + 0.5}
              y={PLOT.top + PLOT.height - height}
              width={step / 2 - 1}
              height={height}
              fill={series === 0 ? colour : 'none'}
              stroke={colour}
            />
          );
        }),
      )}
    </ChartFrame>
  );
}
