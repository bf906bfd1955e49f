import { type Example } from './examples';
import { PRO_FPR_LIMIT } from './metrics/pro';
import { type CategoryReport, type Report } from './report';
import { categoryTable, describeMode, percent, publishedTable, type Table } from './report-table';
import { curveChart, escapeHtml, histogramChart } from './svg';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6474; --line: #d5dae3; --back: #fff; --normal: #2a78c2; --anomalous: #c9402b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #9aa4b5; --line: #3a4252; --back: #14181f; --normal: #6db1f2; --anomalous: #f2806d; } }
body { font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; } h3 { font-size: 1rem; }
p, li { color: var(--soft); } .scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { padding: 0.3rem 0.6rem; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
.charts, .examples { display: flex; flex-wrap: wrap; gap: 1rem; } svg { width: 300px; font-size: 10px; fill: var(--soft); }
.curve { fill: none; stroke: var(--normal); stroke-width: 2; } .grid { stroke: var(--line); } .normal { fill: var(--normal); } .anomalous { fill: var(--anomalous); }
figure { margin: 0; width: 324px; } figure img { width: 160px; height: 160px; } figcaption { font-size: 12px; color: var(--soft); overflow-wrap: anywhere; }
`;

/** The report as one HTML page that needs nothing else: charts as inline SVG, images as data URLs, no script. */
export function renderHtml(report: Report, examples: readonly Example[]): string {
  const title = `${report.dataset.published ?? report.dataset.name}: ${describeMode(report)}`;
  const sections = report.categories.map((category) =>
    renderCategory(
      category,
      examples.filter((example) => example.category === category.category),
    ),
  );
  const published = publishedTable(report);
  const { options, run } = report;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>Measured with ${escapeHtml(report.detector)} on ${report.images.length} images, seed ${options.seed}. Percent; brackets: 95 % bootstrap interval over images (${options.resamples} resamples). `,
    `Pixel metrics on a grid of ${options.pixelSize} × ${options.pixelSize}; PRO up to a false positive rate of ${PRO_FPR_LIMIT}. `,
    `${run.imagesPerSecond.toFixed(2)} images/s, peak memory ${Math.round(run.peakMemoryMb)} MB, finished ${escapeHtml(run.finished)}.</p>`,
    renderTable(categoryTable(report)),
    published ? `<h2>Beside the published figures</h2>${renderTable(published)}` : '',
    renderProblems(report),
    ...sections,
    '</body></html>\n',
  ].join('\n');
}

function renderTable({ head, rows }: Table): string {
  const header = head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table><thead><tr>${header}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function renderProblems({ problems }: Report): string {
  if (problems.length === 0) {
    return '';
  }
  const entries = problems.map(
    ({ code, where, message }) => `<li><b>${escapeHtml(code)}</b> ${escapeHtml(where)}: ${escapeHtml(message)}</li>`,
  );
  return `<h2>Problems (${problems.length})</h2><ul>${entries.join('\n')}</ul>`;
}

function renderCategory(category: CategoryReport, examples: readonly Example[]): string {
  const { curves, histogram, image, pixel } = category;
  const charts = [
    curves.roc.length > 0 &&
      curveChart(curves.roc, {
        title: `ROC over images, area ${percent(image.auroc)} %`,
        xLabel: 'false positive rate',
        yLabel: 'true positive rate',
        xMax: 1,
      }),
    curves.pro.length > 0 &&
      curveChart(curves.pro, {
        title: `Per-region overlap, PRO ${percent(pixel?.pro)} %`,
        xLabel: 'false positive rate of pixels',
        yLabel: 'mean region overlap',
        xMax: PRO_FPR_LIMIT,
      }),
    histogramChart(histogram.normal, histogram.anomalous, 'Image scores: normal (blue) and anomalous (red)'),
  ].filter((chart) => chart !== false);
  const render = (end: Example['end'], heading: string): string => {
    const figures = examples.filter((example) => example.end === end).map(renderFigure);
    return figures.length > 0 ? `<h3>${heading}</h3><div class="examples">${figures.join('\n')}</div>` : '';
  };
  return [
    `<section><h2>${escapeHtml(category.category)}</h2>`,
    `<p>Image AUROC ${percent(image.auroc)}, pixel AUROC ${percent(pixel?.auroc)}, PRO ${percent(pixel?.pro)}. In the histogram normal images are blue, anomalous ones red.</p>`,
    `<div class="charts">${charts.join('\n')}</div>`,
    render('best', 'Judged best'),
    render('worst', 'Judged worst'),
    '</section>',
  ].join('\n');
}

function renderFigure({ id, type, label, score, picture, heatmap }: Example): string {
  const truth = label === 1 ? `anomalous (${type})` : 'normal';
  const caption = `${id}: ${truth}, score ${score.toFixed(3)}`;
  return [
    `<figure><img src="${dataUrl(picture)}" alt="${escapeHtml(`Image ${id}, ${truth}`)}">`,
    `<img src="${dataUrl(heatmap)}" alt="${escapeHtml(`Anomaly map of ${id}`)}">`,
    `<figcaption>${escapeHtml(caption)}</figcaption></figure>`,
  ].join('');
}

const dataUrl = (jpeg: Buffer): string => `data:image/jpeg;base64,${jpeg.toString('base64')}`;
