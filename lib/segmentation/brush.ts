import type { Bbox, Mask } from './mask';
import type { Point } from './polygon';

/** The part of the line y that lies inside a round brush of `radius` drawn from `from` to `to`; null when none does. */
function spanAt(y: number, from: Point, to: Point, radius: number): [number, number] | null {
  let [left, right] = [Infinity, -Infinity];
  const include = (x: number) => {
    left = Math.min(left, x);
    right = Math.max(right, x);
  };
  for (const centre of [from, to]) {
    const reach = radius * radius - (y - centre.y) ** 2;
    if (reach >= 0) {
      include(centre.x - Math.sqrt(reach));
      include(centre.x + Math.sqrt(reach));
    }
  }
  // The straight sides: the segment moved by the radius along its normal, both ways.
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length > 0) {
    const [normalX, normalY] = [(-(to.y - from.y) / length) * radius, ((to.x - from.x) / length) * radius];
    for (const side of [1, -1]) {
      const startY = from.y + side * normalY;
      const endY = to.y + side * normalY;
      if (startY !== endY && y >= Math.min(startY, endY) && y <= Math.max(startY, endY)) {
        include(from.x + side * normalX + ((y - startY) / (endY - startY)) * (to.x - from.x));
      }
    }
  }
  return left <= right ? [left, right] : null;
}

/**
 * Draws with a round brush from one point to another, in place: the pixels whose centre lies within `radius` px of the
 * segment get `value`. Coordinates are pixel corners, (0, 0) the image's top left, so the centre of pixel 3 is 3.5.
 * @returns the box of the rows and columns that may have changed, [x, y, width, height]; null when the brush missed the
 *   image
 */
export function drawStroke(mask: Mask, from: Point, to: Point, radius: number, value: 0 | 1): Bbox | null {
  const { width, height, data } = mask;
  const top = Math.max(0, Math.ceil(Math.min(from.y, to.y) - radius - 0.5));
  const bottom = Math.min(height - 1, Math.floor(Math.max(from.y, to.y) + radius - 0.5));
  let [minX, maxX, minY, maxY] = [Infinity, -1, Infinity, -1];
  for (let y = top; y <= bottom; y += 1) {
    const span = spanAt(y + 0.5, from, to, radius);
    const first = span === null ? 0 : Math.max(0, Math.ceil(span[0] - 0.5));
    const last = span === null ? -1 : Math.min(width - 1, Math.floor(span[1] - 0.5));
    if (last >= first) {
      data.fill(value, y * width + first, y * width + last + 1);
      minX = Math.min(minX, first);
      maxX = Math.max(maxX, last);
      minY = Math.min(minY, y);
      maxY = y;
    }
  }
  return maxX < 0 ? null : [minX, minY, maxX - minX + 1, maxY - minY + 1];
}
