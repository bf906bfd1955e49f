import type { Benchmark } from '@/lib/evaluation/benchmark-contract';
import { publishedRows } from '@/lib/evaluation/published-results';
import { percent } from '@/lib/evaluation/report-table';
import { cn } from '../ui/cn';
import { runName, seriesStyle } from './series';

type Values = {
  auroc: number | null;
  interval: string;
  averagePrecision: number | null;
  f1Max: number | null;
  pixelAuroc: number | null;
  pixelF1Max: number | null;
  pro: number | null;
  aupimo: number | null;
};
const COLUMNS: readonly { key: Exclude<keyof Values, 'interval'>; title: string }[] = [
  { key: 'auroc', title: 'Image AUROC' },
  { key: 'averagePrecision', title: 'Image AP' },
  { key: 'f1Max', title: 'Image F1' },
  { key: 'pixelAuroc', title: 'Pixel AUROC' },
  { key: 'pixelF1Max', title: 'Pixel F1' },
  { key: 'pro', title: 'PRO' },
  { key: 'aupimo', title: 'AUPIMO' },
];

/** The figures of a run: of one category, or the mean of all (null). Undefined if the run lacks the category. */
function valuesOf({ report }: Benchmark, category: string | null): Values | undefined {
  const one = report.categories.find((entry) => entry.category === category);
  const source = category === null ? report.mean : one;
  if (source === undefined) {
    return undefined;
  }
  const { image, pixel } = source;
  const range = image.intervals?.auroc;
  return {
    auroc: image.auroc,
    interval: range ? `${percent(range.low)} to ${percent(range.high)}` : '',
    averagePrecision: image.averagePrecision,
    f1Max: image.f1Max,
    pixelAuroc: pixel?.auroc ?? null,
    pixelF1Max: pixel?.f1Max ?? null,
    pro: pixel?.pro ?? null,
    aupimo: pixel?.aupimo ?? null,
  };
}

const CELL = 'px-2.5 py-1.5 whitespace-nowrap';

/**
 * The runs' figures in percent, the best of each column marked where all runs are of the same data set, and beneath
 * them what papers report on that set, marked as quoted.
 */
export function MetricsTable({ runs, category }: { runs: readonly Benchmark[]; category: string | null }) {
  const rows = runs.map((run, position) => ({ run, position, values: valuesOf(run, category) }));
  const sets = new Set(runs.map(({ report }) => report.dataset.published ?? report.dataset.name));
  const best = (key: (typeof COLUMNS)[number]['key']): number | null => {
    const values = rows.map(({ values: found }) => found?.[key] ?? null).filter((value) => value !== null);
    return sets.size === 1 && values.length > 1 ? Math.max(...values) : null;
  };
  const [first] = runs;
  const quoted = category === null && sets.size === 1 ? publishedRows(first?.report.dataset.published ?? null) : [];
  return (
    <div
      className="overflow-x-auto rounded-lg border border-line"
      tabIndex={0}
      role="region"
      aria-label="Figures in percent"
    >
      <table className="w-full border-collapse text-xs tabular-nums">
        <thead>
          <tr className="border-b border-line text-left text-muted">
            <th scope="col" className={cn(CELL, 'font-medium')}>
              Run
            </th>
            {COLUMNS.map(({ key, title }) => (
              <th key={key} scope="col" className={cn(CELL, 'text-right font-medium')}>
                {title}
              </th>
            ))}
            <th scope="col" className={cn(CELL, 'font-medium')}>
              Figures
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ run, position, values }) => (
            <tr key={run.id} className="border-b border-line last:border-0">
              <th scope="row" className={cn(CELL, 'min-w-40 text-left font-medium whitespace-normal text-strong')}>
                <SeriesMark position={position} /> {runName(run)}
              </th>
              {COLUMNS.map(({ key }) => (
                <td
                  key={key}
                  className={cn(
                    CELL,
                    'text-right',
                    values?.[key] !== undefined &&
                      values[key] !== null &&
                      values[key] === best(key) &&
                      'font-bold text-strong',
                  )}
                >
                  {percent(values?.[key])}
                  {key === 'auroc' && values?.interval ? (
                    <span className="block text-2xs font-normal text-muted">{values.interval}</span>
                  ) : null}
                </td>
              ))}
              <td className={cn(CELL, 'text-muted')}>measured here</td>
            </tr>
          ))}
          {quoted.map((row) => (
            <tr key={row.method} className="border-b border-line text-muted italic last:border-0">
              <th scope="row" className={cn(CELL, 'text-left font-normal')}>
                {row.method}
              </th>
              <td className={cn(CELL, 'text-right')}>{row.imageAuroc.toFixed(1)}</td>
              <td className={cn(CELL, 'text-right')}>{row.averagePrecision?.toFixed(1) ?? '–'}</td>
              <td className={cn(CELL, 'text-right')}>–</td>
              <td className={cn(CELL, 'text-right')}>{row.pixelAuroc?.toFixed(1) ?? '–'}</td>
              <td className={cn(CELL, 'text-right')}>–</td>
              <td className={cn(CELL, 'text-right')}>{row.pro?.toFixed(1) ?? '–'}</td>
              <td className={cn(CELL, 'text-right')}>–</td>
              <td className={CELL}>quoted: {row.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The line by which a run is known in the charts. */
export function SeriesMark({ position }: { position: number }) {
  const { colour, dash } = seriesStyle(position);
  return (
    <svg viewBox="0 0 24 8" className="mr-1 inline h-2 w-6" aria-hidden>
      <line x1="0" x2="24" y1="4" y2="4" stroke={colour} strokeWidth="2.5" strokeDasharray={dash} />
    </svg>
  );
}
