import { type CurvePoint } from './metrics/ranking';

const WIDTH = 300;
const HEIGHT = 220;
const MARGIN = { left: 40, right: 10, top: 10, bottom: 36 };
const PLOT = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };

/** Text and attribute values of HTML and SVG. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

type Axes = { title: string; xLabel: string; yLabel: string; xMax: number };

/** A curve in the unit square (x up to `xMax`) as an SVG element. */
export function curveChart(points: readonly CurvePoint[], axes: Axes): string {
  const path = points
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${px(x / axes.xMax).toFixed(1)} ${py(y).toFixed(1)}`)
    .join('');
  return frame(axes, [0, 0.5, 1], `<path class="curve" d="${path}"/>`, [0, 0.5, 1]);
}

/** Image scores of both classes over 0..1 as bars, each class as a share of its own images. */
export function histogramChart(normal: readonly number[], anomalous: readonly number[], title: string): string {
  const total = (bins: readonly number[]): number =>
    Math.max(
      1,
      bins.reduce((sum, bin) => sum + bin, 0),
    );
  const shares = [normal, anomalous].map((bins) => bins.map((bin) => bin / total(bins)));
  const most = Math.max(0.01, ...shares.flat());
  const step = PLOT.width / Math.max(1, normal.length);
  const bars = shares.flatMap((bins, series) =>
    bins.map((share, bin) => {
      const height = (share / most) * PLOT.height;
      const x = MARGIN.left + bin * step + (series * step) / 2;
      const y = MARGIN.top + PLOT.height - height;
      const name = series === 0 ? 'normal' : 'anomalous';
      return height === 0
        ? ''
        : `<rect class="${name}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(step / 2).toFixed(1)}" height="${height.toFixed(1)}"/>`;
    }),
  );
  const axes = { title, xLabel: 'score', yLabel: 'share of images', xMax: 1 };
  return frame(axes, [0, 0.5, 1], bars.join(''), [0, most / 2, most]);
}

const px = (share: number): number => MARGIN.left + share * PLOT.width;
const py = (share: number): number => MARGIN.top + (1 - share) * PLOT.height;

function frame(axes: Axes, xTicks: readonly number[], content: string, yValues: readonly number[]): string {
  const xAxis = xTicks.map(
    (tick) => `<text x="${px(tick)}" y="${HEIGHT - 22}" text-anchor="middle">${(tick * axes.xMax).toFixed(2)}</text>`,
  );
  const yAxis = yValues.map((value, index) => {
    const y = py(index / (yValues.length - 1));
    const line = `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y}" y2="${y}"/>`;
    return `${line}<text x="${MARGIN.left - 4}" y="${y + 3}" text-anchor="end">${value.toFixed(2)}</text>`;
  });
  const title = escapeHtml(axes.title);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    ...yAxis,
    ...xAxis,
    content,
    `<text x="${px(0.5)}" y="${HEIGHT - 6}" text-anchor="middle">${escapeHtml(axes.xLabel)}</text>`,
    `<text x="10" y="${py(0.5)}" text-anchor="middle" transform="rotate(-90 10 ${py(0.5)})">${escapeHtml(axes.yLabel)}</text>`,
    '</svg>',
  ].join('');
}
