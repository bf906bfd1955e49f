import { polygonsToMask } from '@/lib/segmentation/polygon';
import type { Size } from './fit';
import { type LocalMask, localMask, uniteLocal } from './local-mask';

/** Rows that the edges of one shape may cross together: a few thousand times a tall image. */
const MAX_CROSSINGS = 20_000_000;

/**
 * Draws rings or lines ([x0, y0, x1, y1, ...] in px of the image, pixel corners) within their own box. A ring too thin
 * to hold the centre of a pixel is drawn as a line, so that a scratch does not vanish.
 *
 * @returns undefined when no pixel of the image is met
 * @throws RangeError for more edges than any drawing has
 */
export function drawPath(paths: readonly number[][], size: Size, style: 'fill' | 'stroke'): LocalMask | undefined {
  const drawn = paths.flatMap((path) => drawOne(path, size, style) ?? []);
  const [only] = drawn;
  if (only === undefined || drawn.length === 1) {
    return only;
  }
  const edge = (pick: (mask: LocalMask) => number, most: (...values: number[]) => number) =>
    drawn.map(pick).reduce((a, b) => most(a, b));
  const left = edge(({ x }) => x, Math.min);
  const top = edge(({ y }) => y, Math.min);
  const right = edge(({ x, width }) => x + width, Math.max);
  const bottom = edge(({ y, height }) => y + height, Math.max);
  const all = localMask([left, top, right, bottom], size);
  if (all !== undefined) {
    for (const mask of drawn) {
      uniteLocal(all, { ...mask, x: mask.x - left, y: mask.y - top });
    }
  }
  return all;
}

function drawOne(path: readonly number[], size: Size, style: 'fill' | 'stroke'): LocalMask | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  let crossings = 0;
  let before = path.at(-1) ?? 0;
  const within = (value: number) => Math.min(size.height, Math.max(0, value));
  for (let i = 0; i + 1 < path.length; i += 2) {
    const [x, y] = [path[i] ?? 0, path[i + 1] ?? 0];
    crossings += Math.abs(within(y) - within(before)) + 1;
    before = y;
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
  }
  if (crossings > MAX_CROSSINGS) {
    throw new RangeError('The outline has too many points.');
  }
  // A pixel more on each side, for lines along a pixel's edge.
  const mask = localMask([left - 1, top - 1, right + 1, bottom + 1], size);
  if (mask === undefined) {
    return undefined;
  }
  const points = Array.from({ length: path.length / 2 }, (_, i) => ({
    x: (path[2 * i] ?? 0) - mask.x,
    y: (path[2 * i + 1] ?? 0) - mask.y,
  }));
  if (style === 'fill') {
    const { data } = polygonsToMask([points], mask.width, mask.height);
    if (data.includes(1)) {
      return { ...mask, data };
    }
  }
  stroke(mask, style === 'fill' ? [...points, ...points.slice(0, 1)] : points);
  return mask;
}

/** Sets the pixels that a line passes through, in steps of half a pixel. */
function stroke(mask: LocalMask, points: readonly { x: number; y: number }[]): void {
  points.forEach((to, index) => {
    const from = points[Math.max(0, index - 1)] ?? to;
    // Only the part within the box counts, however far the line goes on.
    const steps = Math.min(
      4 * (mask.width + mask.height),
      Math.ceil(2 * Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))),
    );
    for (let step = 0; step <= steps; step += 1) {
      const share = steps === 0 ? 0 : step / steps;
      const x = Math.floor(from.x + share * (to.x - from.x));
      const y = Math.floor(from.y + share * (to.y - from.y));
      if (x >= 0 && y >= 0 && x < mask.width && y < mask.height) {
        mask.data[y * mask.width + x] = 1;
      }
    }
  });
}
