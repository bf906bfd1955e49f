import { type ImageMap } from '@/lib/anomaly/heatmap';

/**
 * A map on a square grid: bilinear at the cells' centres, clamped at the edges.
 *
 * @returns side x side values, row-major; those of `map` itself when it has this size
 */
export function resampleMap({ width, height, values }: ImageMap, side: number): Float32Array {
  if (width === side && height === side) {
    return values;
  }
  const out = new Float32Array(side * side);
  const across = positions(side, width);
  const down = positions(side, height);
  for (let y = 0; y < side; y += 1) {
    const [top, bottom, lower] = [
      (down.first[y] as number) * width,
      (down.second[y] as number) * width,
      down.weight[y] as number,
    ];
    for (let x = 0; x < side; x += 1) {
      const [left, right, ratio] = [across.first[x] as number, across.second[x] as number, across.weight[x] as number];
      const above = mix(values[top + left] as number, values[top + right] as number, ratio);
      const below = mix(values[bottom + left] as number, values[bottom + right] as number, ratio);
      // Rounding to float32 may leave 0..1 by the last bit.
      out[y * side + x] = Math.min(1, Math.max(0, mix(above, below, lower)));
    }
  }
  return out;
}

const mix = (a: number, b: number, ratio: number): number => a + (b - a) * ratio;

function positions(length: number, cells: number) {
  const first = new Int32Array(length);
  const second = new Int32Array(length);
  const weight = new Float64Array(length);
  for (let i = 0; i < length; i += 1) {
    const position = Math.min(cells - 1, Math.max(0, ((i + 0.5) * cells) / length - 0.5));
    first[i] = Math.floor(position);
    second[i] = Math.min(cells - 1, Math.floor(position) + 1);
    weight[i] = position - Math.floor(position);
  }
  return { first, second, weight };
}
