import { type Interval } from './metrics/bootstrap';
import { publishedRows } from './published-results';
import { type Report } from './report';

/** A table as cells, for Markdown and HTML alike. */
export type Table = { head: string[]; rows: string[][] };

const NONE = '–';

/** A share as percent with one decimal, as the papers print it; a dash where undefined. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : (value * 100).toFixed(1);
}

function withInterval(value: number | null, interval: Interval | undefined): string {
  const range = interval ? ` [${percent(interval.low)}, ${percent(interval.high)}]` : '';
  return `${percent(value)}${range}`;
}

/** One row per category and, if there are several, the mean; metrics in percent, image AUROC with its 95 % interval. */
export function categoryTable(report: Report): Table {
  const isJudged = report.categories.some(({ verdicts }) => verdicts !== undefined);
  const judged = (verdicts: Report['verdicts']): string[] =>
    isJudged ? [percent(verdicts?.accuracy), percent(verdicts?.coverage)] : [];
  const rows = report.categories.map(({ category, normal, anomalous, image, pixel, verdicts }) => [
    category,
    `${normal} + ${anomalous}`,
    withInterval(image.auroc, image.intervals?.auroc),
    percent(image.averagePrecision),
    percent(image.f1Max),
    ...judged(verdicts),
    percent(pixel?.auroc),
    percent(pixel?.averagePrecision),
    percent(pixel?.f1Max),
    percent(pixel?.pro),
    percent(pixel?.aupimo),
  ]);
  if (report.categories.length > 1) {
    const { image, pixel, imageCategories } = report.mean;
    rows.push([
      `mean of ${imageCategories}`,
      '',
      withInterval(image.auroc, image.intervals?.auroc),
      percent(image.averagePrecision),
      percent(image.f1Max),
      ...judged(report.verdicts),
      percent(pixel.auroc),
      percent(pixel.averagePrecision),
      percent(pixel.f1Max),
      percent(pixel.pro),
      percent(pixel.aupimo),
    ]);
  }
  const image = ['image AUROC', 'image AP', 'image F1-max', ...(isJudged ? ['right of decided', 'decided'] : [])];
  const pixel = ['pixel AUROC', 'pixel AP', 'pixel F1-max', 'PRO', 'AUPIMO'];
  return { head: ['category', 'normal + anomalous', ...image, ...pixel], rows };
}

/** Our row beside the quoted ones in the papers' form; undefined if no paper has the set. */
export function publishedTable(report: Report): Table | undefined {
  const quoted = publishedRows(report.dataset.published);
  if (quoted.length === 0) {
    return undefined;
  }
  const show = (value: number | undefined): string => (value === undefined ? NONE : value.toFixed(1));
  const rows = quoted.map((row) => [
    row.method,
    show(row.imageAuroc),
    show(row.pixelAuroc),
    show(row.pro),
    show(row.averagePrecision),
    `quoted: ${row.source}`,
  ]);
  const { image, pixel } = report.mean;
  rows.push([
    `LookTwice (${describeMode(report)})`,
    percent(image.auroc),
    percent(pixel.auroc),
    percent(pixel.pro),
    percent(image.averagePrecision),
    `measured here: ${report.detector}, seed ${report.options.seed}${report.options.limit === null ? '' : `, at most ${report.options.limit} images a category`}`,
  ]);
  return { head: ['method', 'image AUROC', 'pixel AUROC', 'PRO', 'AP (ours: image)', 'figures'], rows };
}

/** The mode in words. */
export function describeMode({ options }: Pick<Report, 'options'>): string {
  switch (options.mode) {
    case 'zero-shot':
      return 'zero-shot';
    case 'few-shot':
      return `${options.shots} normal ${options.shots === 1 ? 'reference' : 'references'}`;
    case 'mutual':
      return 'mutual over the unlabelled set';
  }
}
