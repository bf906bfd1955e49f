import { type Report } from './report';
import { categoryTable, describeMode, publishedTable, type Table } from './report-table';

/** The report as Markdown: our table, the published rows beside ours, and what went wrong. */
export function renderMarkdown(report: Report): string {
  const { dataset, options, run } = report;
  const lines = [
    `# ${escapeCell(dataset.published ?? dataset.name)}: ${describeMode(report)}`,
    '',
    `Measured with ${escapeCell(report.detector)} on ${report.images.length} images (layout ${dataset.layout}, seed ${options.seed}${options.limit === null ? '' : `, at most ${options.limit} images a category`}).`,
    `Percent; brackets: 95 % bootstrap interval (${options.resamples} resamples of images). Pixel metrics on a grid of ${options.pixelSize} x ${options.pixelSize}; PRO up to a false positive rate of 0.3.`,
    '',
    ...renderTable(categoryTable(report)),
  ];
  const published = publishedTable(report);
  if (published) {
    lines.push('', '## Beside the published figures', '', ...renderTable(published));
  }
  if (report.problems.length > 0) {
    lines.push('', `## Problems (${report.problems.length})`, '');
    lines.push(
      ...report.problems.map(({ code, where, message }) => `- ${code}: ${escapeCell(where)}: ${escapeCell(message)}`),
    );
  }
  lines.push('', `${run.imagesPerSecond.toFixed(2)} images/s, peak memory ${Math.round(run.peakMemoryMb)} MB.`, '');
  return lines.join('\n');
}

function renderTable({ head, rows }: Table): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)];
}

/** Folder and file names are outside data: nothing in them may become a link, markup or another cell. */
function escapeCell(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, '\\$&').replace(/\s+/g, ' ');
}
