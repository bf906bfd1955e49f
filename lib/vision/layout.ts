import type { VisionManifest } from '@/lib/engine/manifest';

/** A size in pixels. */
export type Size = { width: number; height: number };

/**
 * One view of an image: the whole image squashed to S x S (`base`), or one S x S tile of the grid canvas.
 * A point (x, y) of the original lies at ((x * scaleX) - left, (y * scaleY) - top) in the view.
 */
export type View = {
  kind: 'base' | 'tile';
  /** Offset of the view in its canvas, px. */
  left: number;
  top: number;
  scaleX: number;
  scaleY: number;
  /** Pixels of the view that show the image, from its top left; the rest is padding. */
  validWidth: number;
  validHeight: number;
};

/** All views of an image: view 0 is the base view, then the tiles row by row. */
export type Layout = {
  image: Size;
  /** Tiles across and down; 0 x 0 when the base view alone is used. */
  columns: number;
  rows: number;
  /** The image resized to fit the grid canvas (0 x 0 without tiles). */
  fitted: Size;
  views: View[];
};

/** Rounds halves to even, as the Python that trains the model does. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** The image fitted into a grid's canvas with its aspect kept; each side at least 1, at most the canvas. */
export function fitGrid({ width, height }: Size, columns: number, rows: number, side: number): Size {
  const scale = Math.min((columns * side) / width, (rows * side) / height);
  const fit = (length: number, most: number) => Math.min(most, Math.max(1, roundHalfEven(length * scale)));
  return { width: fit(width, columns * side), height: fit(height, rows * side) };
}

/**
 * The any-resolution grid [columns, rows] for an image: the one that keeps most of the original's pixels, ties by the
 * least padding, then by the manifest's order. `undefined` when the base view alone is enough.
 */
export function selectGrid(
  size: Size,
  vision: Pick<VisionManifest, 'imageSize' | 'grids' | 'noTilesFactor'>,
): [number, number] | undefined {
  const side = vision.imageSize;
  if (Math.max(size.width, size.height) <= vision.noTilesFactor * side) {
    return undefined;
  }
  let best: { grid: [number, number]; effective: number; padding: number } | undefined;
  for (const grid of vision.grids) {
    const [columns, rows] = grid;
    const fitted = fitGrid(size, columns, rows, side);
    const effective = Math.min(fitted.width * fitted.height, size.width * size.height);
    const padding = columns * rows * side * side - fitted.width * fitted.height;
    if (best === undefined || effective > best.effective || (effective === best.effective && padding < best.padding)) {
      best = { grid, effective, padding };
    }
  }
  return best?.grid;
}

/** Lays out the base view and the tiles of an image. */
export function layOut(size: Size, vision: Pick<VisionManifest, 'imageSize' | 'grids' | 'noTilesFactor'>): Layout {
  const side = vision.imageSize;
  const base: View = {
    kind: 'base',
    left: 0,
    top: 0,
    scaleX: side / size.width,
    scaleY: side / size.height,
    validWidth: side,
    validHeight: side,
  };
  const grid = selectGrid(size, vision);
  if (grid === undefined) {
    return { image: size, columns: 0, rows: 0, fitted: { width: 0, height: 0 }, views: [base] };
  }
  const [columns, rows] = grid;
  const fitted = fitGrid(size, columns, rows, side);
  const tiles = Array.from({ length: columns * rows }, (_, tile): View => {
    const left = (tile % columns) * side;
    const top = Math.floor(tile / columns) * side;
    return {
      kind: 'tile',
      left,
      top,
      scaleX: fitted.width / size.width,
      scaleY: fitted.height / size.height,
      validWidth: Math.min(side, Math.max(0, fitted.width - left)),
      validHeight: Math.min(side, Math.max(0, fitted.height - top)),
    };
  });
  return { image: size, columns, rows, fitted, views: [base, ...tiles] };
}

/** Cells along one axis whose centre lies inside `length` px, for cells of `step` px and at most `cells` of them. */
export function validCells(length: number, step: number, cells: number): number {
  return Math.min(cells, Math.max(0, Math.ceil(length / step - 0.5)));
}

/** `valid` [V * P]: 1 where a patch's centre shows the image, 0 on padding. */
export function validPatches(layout: Layout, vision: Pick<VisionManifest, 'patch' | 'grid'>): Float32Array {
  const { grid, patch } = vision;
  const valid = new Float32Array(layout.views.length * grid * grid);
  layout.views.forEach((view, index) => {
    const columns = validCells(view.validWidth, patch, grid);
    const rows = validCells(view.validHeight, patch, grid);
    for (let row = 0; row < rows; row += 1) {
      const start = index * grid * grid + row * grid;
      valid.fill(1, start, start + columns);
    }
  });
  return valid;
}
