import { type Layout, validCells } from '@/lib/vision/layout';

/** Where a view's valid patches are: the first `columns` x `rows` of its grid (padding is at the right and bottom). */
export type PatchExtent = { columns: number; rows: number };

/** The extent of valid patches of every view. */
export function patchExtents(layout: Layout, { grid, patch }: { grid: number; patch: number }): PatchExtent[] {
  return layout.views.map((view) => ({
    columns: validCells(view.validWidth, patch, grid),
    rows: validCells(view.validHeight, patch, grid),
  }));
}

/**
 * The valid patches of one view at one encoder level, each averaged with its valid neighbours up to `radius` away (1: 3
 * x 3, which makes a comparison forgive shifts by a patch) and L2-normalised: [rows * columns, D].
 * @param levels hidden states [V,L,P,D]
 */
export function pooledPatches(
  levels: Float32Array,
  at: { view: number; level: number },
  { columns, rows }: PatchExtent,
  shape: { levels: number; grid: number; width: number },
  radius = 1,
): Float32Array {
  const { grid, width } = shape;
  const start = (at.view * shape.levels + at.level) * grid * grid * width;
  const out = new Float32Array(rows * columns * width);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const target = out.subarray((row * columns + column) * width, (row * columns + column + 1) * width);
      for (let y = Math.max(0, row - radius); y <= Math.min(rows - 1, row + radius); y += 1) {
        for (let x = Math.max(0, column - radius); x <= Math.min(columns - 1, column + radius); x += 1) {
          addInto(target, levels, start + (y * grid + x) * width);
        }
      }
      normalise(target);
    }
  }
  return out;
}

/** The mean of patches [N,D], [D]; zeros of none. */
export function meanOf(patches: Float32Array, width: number): Float32Array {
  const sum = new Float64Array(width);
  for (const [index, value] of patches.entries()) {
    sum[index % width] = (sum[index % width] ?? 0) + value;
  }
  const count = Math.max(1, patches.length / width);
  return Float32Array.from(sum, (value) => value / count);
}

/**
 * Normalised patches [N,D] less `share` of `mean` [D], normalised again: what all patches have in common tells nothing
 * about one.
 */
export function centred(patches: Float32Array, mean: Float32Array, share: number): Float32Array {
  const width = mean.length;
  const out = new Float32Array(patches.length);
  for (let start = 0; start < patches.length; start += width) {
    for (let i = 0; i < width; i += 1) {
      out[start + i] = (patches[start + i] ?? 0) - share * (mean[i] ?? 0);
    }
    normalise(out.subarray(start, start + width));
  }
  return out;
}

/**
 * Which patches of a view are too close to each other to be evidence, since they share what they show: [N,N], 4 (more
 * than any two cosines differ by) where they are at most `radius` apart both ways, else 0.
 */
export function nearness({ columns, rows }: PatchExtent, radius: number): Float32Array {
  const count = columns * rows;
  const near = new Float32Array(count * count);
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    for (let row = Math.max(0, y - radius); row <= Math.min(rows - 1, y + radius); row += 1) {
      const first = Math.max(0, x - radius);
      const last = Math.min(columns - 1, x + radius);
      near.fill(4, i * count + row * columns + first, i * count + row * columns + last + 1);
    }
  }
  return near;
}

/**
 * Writes the values of a view's valid patches [rows * columns] into a grid of `grid` x `grid` that begins at `offset`.
 */
export function placePatches(
  target: Float32Array,
  offset: number,
  grid: number,
  values: Float32Array,
  { columns, rows }: PatchExtent,
): void {
  for (let row = 0; row < rows; row += 1) {
    target.set(values.subarray(row * columns, (row + 1) * columns), offset + row * grid);
  }
}

function addInto(target: Float32Array, source: Float32Array, offset: number): void {
  for (let i = 0; i < target.length; i += 1) {
    target[i] = (target[i] ?? 0) + (source[offset + i] ?? 0);
  }
}

function normalise(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) {
    squares += value * value;
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < vector.length; i += 1) {
    vector[i] = (vector[i] ?? 0) * scale;
  }
}

/** The mean of the largest `fraction` of the values (at least one); 0 of none. */
export function topMean(values: Float32Array, fraction: number): number {
  const count = Math.min(values.length, Math.max(1, Math.round(values.length * fraction)));
  const sorted = values.slice().sort();
  let sum = 0;
  for (let i = sorted.length - count; i < sorted.length; i += 1) {
    sum += sorted[i] ?? 0;
  }
  return count > 0 ? sum / count : 0;
}
