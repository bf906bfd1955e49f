import type { Mask } from './mask';

/** Cells along the longer side of the grid on which places are compared. */
const CELLS = 48;
/** Share of the mask that has to stay inside of the image. */
const INSIDE = 0.7;
/** Difference of mean map values below which no place is better than another. */
const FLAT = 1e-3;

/**
 * How well the place of a mask fits a map, compared with the same mask at every other place of the image: 1 where no
 * place has a higher mean of the map, 0 where half of the places fit as well or better. Since the mask is compared with
 * itself only, it matters neither how high the map is altogether nor how large the mask is.
 *
 * @param map row-major, of the mask's size
 * @returns 0..1; 1 for a flat map or an empty mask
 */
export function placementOf(mask: Mask, map: Float32Array): number {
  const { width, height } = mask;
  const step = Math.max(1, Math.ceil(Math.max(width, height) / CELLS));
  const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
  const sums = new Float64Array(columns * rows);
  const pixels = new Float64Array(columns * rows);
  const covered = new Float64Array(columns * rows);
  map.forEach((value, i) => {
    const cell = Math.floor(Math.floor(i / width) / step) * columns + Math.floor((i % width) / step);
    sums[cell] = (sums[cell] ?? 0) + value;
    pixels[cell] = (pixels[cell] ?? 0) + 1;
    covered[cell] = (covered[cell] ?? 0) + (mask.data[i] ?? 0);
  });
  const means = sums.map((sum, cell) => sum / Math.max(1, pixels[cell] ?? 0));
  const cells: { x: number; y: number; weight: number }[] = [];
  covered.forEach((weight, cell) => {
    if (weight > 0) {
      cells.push({ x: cell % columns, y: Math.floor(cell / columns), weight });
    }
  });
  const area = cells.reduce((sum, { weight }) => sum + weight, 0);
  const places: number[] = [];
  let here = 0;
  for (let dy = 1 - rows; dy < rows; dy += 1) {
    for (let dx = 1 - columns; dx < columns; dx += 1) {
      let [total, inside] = [0, 0];
      for (const { x, y, weight } of cells) {
        if (x + dx >= 0 && x + dx < columns && y + dy >= 0 && y + dy < rows) {
          total += weight * (means[(y + dy) * columns + x + dx] ?? 0);
          inside += weight;
        }
      }
      if (inside >= INSIDE * area && inside > 0) {
        places.push(total / inside);
        here = dx === 0 && dy === 0 ? total / inside : here;
      }
    }
  }
  places.sort((a, b) => a - b);
  const best = places.at(-1) ?? 0;
  const median = places[Math.floor(places.length / 2)] ?? 0;
  return 1 - Math.min(1, Math.max(0, (best - here) / (best - median + FLAT)));
}
