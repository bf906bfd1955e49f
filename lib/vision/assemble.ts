import { type Layout, type Size, validCells } from './layout';

/** Values on every view's cells: `values` [V, side, side] row-major, a cell being `step` pixels of the view. */
export type ViewGrids = { values: Float32Array; side: number; step: number };

/**
 * A plane of cells that covers the whole image: the base view, or all tiles put together. Every `side` cells along an
 * axis there is a margin of `margin` cells that belong to no patch: views whose side is no multiple of the patch have
 * it (SigLIP: 27 x 14 of 384 px).
 */
type Plane = {
  values: Float32Array;
  stride: number;
  columns: number;
  rows: number;
  scaleX: number;
  scaleY: number;
  side: number;
  margin: number;
};

/** The side of the layout's views, px. */
const viewSide = (layout: Layout, { side, step }: ViewGrids) => layout.views[0]?.validWidth ?? side * step;

function basePlane(layout: Layout, grids: ViewGrids): Plane {
  const { values, side, step } = grids;
  const { width, height } = layout.image;
  const length = viewSide(layout, grids);
  return {
    values: values.subarray(0, side * side),
    stride: side,
    columns: side,
    rows: side,
    scaleX: length / width / step,
    scaleY: length / height / step,
    side,
    margin: length / step - side,
  };
}

function tilePlane(layout: Layout, grids: ViewGrids): Plane {
  const { values, side, step } = grids;
  const length = viewSide(layout, grids);
  // The last tile that shows the image may show a part of it only.
  const shown = (fitted: number, tiles: number) =>
    Array.from({ length: tiles }, (_, tile) => validCells(Math.min(length, fitted - tile * length), step, side)).reduce(
      (sum, cells) => sum + cells,
      0,
    );
  const stride = layout.columns * side;
  const stitched = new Float32Array(stride * layout.rows * side);
  for (let tile = 0; tile < layout.columns * layout.rows; tile += 1) {
    const left = (tile % layout.columns) * side;
    const top = Math.floor(tile / layout.columns) * side;
    for (let row = 0; row < side; row += 1) {
      const from = ((tile + 1) * side + row) * side;
      stitched.set(values.subarray(from, from + side), (top + row) * stride + left);
    }
  }
  return {
    values: stitched,
    stride,
    columns: shown(layout.fitted.width, layout.columns),
    rows: shown(layout.fitted.height, layout.rows),
    scaleX: layout.fitted.width / layout.image.width / step,
    scaleY: layout.fitted.height / layout.image.height / step,
    side,
    margin: length / step - side,
  };
}

/**
 * A position in cells from a plane's start, margins counted, as one among the cells alone: across a margin it moves on
 * more slowly.
 */
function withoutMargins(position: number, { side, margin }: Pick<Plane, 'side' | 'margin'>): number {
  if (margin === 0) {
    return position;
  }
  const pitch = side + margin;
  const view = Math.max(0, Math.floor(position / pitch));
  const inside = position - view * pitch;
  // Centres of cells lie at whole numbers: the last of this view, and `1 + margin` further the first of the next one.
  return view * side + (inside <= side - 1 ? inside : side - 1 + (inside - (side - 1)) / (1 + margin));
}

/** For every output pixel along one axis: the two cells to blend and the weight of the second. */
function samplePositions(length: number, imageLength: number, scale: number, cells: number, plane: Plane) {
  const first = new Int32Array(length);
  const second = new Int32Array(length);
  const weight = new Float32Array(length);
  for (let i = 0; i < length; i += 1) {
    const position = withoutMargins((((i + 0.5) * imageLength) / length) * scale - 0.5, plane);
    const clamped = Math.min(cells - 1, Math.max(0, position));
    const cell = Math.floor(clamped);
    first[i] = cell;
    second[i] = Math.min(cells - 1, cell + 1);
    weight[i] = clamped - cell;
  }
  return { first, second, weight };
}

/** Adds `factor` x the plane, sampled bilinearly at the output's pixel centres, to `out`. */
function addPlane(out: Float32Array, size: Size, image: Size, plane: Plane, factor: number): void {
  const { values, stride } = plane;
  const across = samplePositions(size.width, image.width, plane.scaleX, plane.columns, plane);
  const down = samplePositions(size.height, image.height, plane.scaleY, plane.rows, plane);
  const line = new Float32Array(plane.columns);
  for (let y = 0; y < size.height; y += 1) {
    const upper = (down.first[y] ?? 0) * stride;
    const lower = (down.second[y] ?? 0) * stride;
    const ratio = down.weight[y] ?? 0;
    for (let cell = 0; cell < plane.columns; cell += 1) {
      const value = values[upper + cell] ?? 0;
      line[cell] = factor * (value + ((values[lower + cell] ?? 0) - value) * ratio);
    }
    const row = y * size.width;
    for (let x = 0; x < size.width; x += 1) {
      const left = line[across.first[x] ?? 0] ?? 0;
      const right = line[across.second[x] ?? 0] ?? 0;
      out[row + x] = (out[row + x] ?? 0) + left + (right - left) * (across.weight[x] ?? 0);
    }
  }
}

/**
 * Puts the values of all views together into one plane over the image, `size.width` x `size.height`, row-major: the
 * base view everywhere, averaged with the stitched tiles where there are any. Padding is never sampled.
 */
export function assembleViews(layout: Layout, grids: ViewGrids, size: Size): Float32Array {
  const out = new Float32Array(size.width * size.height);
  const tiled = layout.views.length > 1;
  addPlane(out, size, layout.image, basePlane(layout, grids), tiled ? 0.5 : 1);
  if (tiled) {
    addPlane(out, size, layout.image, tilePlane(layout, grids), 0.5);
  }
  return out;
}

/**
 * The size within `longest` px on the longer side and `area` px in all that keeps the aspect; never larger than the
 * image.
 */
export function boundSize(
  { width, height }: Size,
  { longest = Infinity, area = Infinity }: { longest?: number; area?: number },
): Size {
  const scale = Math.min(1, longest / Math.max(width, height), Math.sqrt(area / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}
