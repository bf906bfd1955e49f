import { describeMode } from '@/lib/evaluation/report-table';
import type { Benchmark } from '@/lib/evaluation/benchmark-contract';

/** How a run is drawn: colour and dash both differ, so that lines are told apart without colour. */
export type SeriesStyle = { colour: string; dash: string };

const STYLES: readonly SeriesStyle[] = [
  { colour: 'var(--link)', dash: '' },
  { colour: 'var(--mid)', dash: '7 3' },
  { colour: 'var(--low)', dash: '2 2' },
  { colour: 'var(--high)', dash: '9 2 2 2' },
];

/** The style of the run at a position of the comparison. */
export function seriesStyle(position: number): SeriesStyle {
  return STYLES[position % STYLES.length] ?? { colour: 'currentColor', dash: '' };
}

/** A run's name in the comparison: what differs between the runs, the data set first. */
export function runName({ report }: Benchmark): string {
  const { limit, seed } = report.options;
  const extra = [limit === null ? '' : `${limit} a category`, seed === 0 ? '' : `seed ${seed}`].filter(Boolean);
  return [report.dataset.published ?? report.dataset.name, describeMode(report), ...extra].join(', ');
}
