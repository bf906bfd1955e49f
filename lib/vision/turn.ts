/**
 * How a square grid is turned: first rows and columns change places, then the order of the rows is reversed, then that
 * of the columns.
 */
export type Turn = { transposed: boolean; upsideDown: boolean; mirrored: boolean };

/**
 * The orientations besides the given one: a quarter turn, mirrored, half a turn, mirrored quarter turn, the other
 * quarter turn, upside down, its mirror image.
 */
export const TURNS: readonly Turn[] = [
  { transposed: true, upsideDown: true, mirrored: false },
  { transposed: false, upsideDown: false, mirrored: true },
  { transposed: false, upsideDown: true, mirrored: true },
  { transposed: true, upsideDown: false, mirrored: false },
  { transposed: true, upsideDown: false, mirrored: true },
  { transposed: false, upsideDown: true, mirrored: false },
  { transposed: true, upsideDown: true, mirrored: true },
];

/** For each cell of a turned side x side grid, row by row, the cell of the given grid that it shows: [side * side]. */
export function turnedCells(side: number, { transposed, upsideDown, mirrored }: Turn): Int32Array {
  return Int32Array.from({ length: side * side }, (_, cell) => {
    const [y, x] = [Math.floor(cell / side), cell % side];
    const [row, column] = [upsideDown ? side - 1 - y : y, mirrored ? side - 1 - x : x];
    return transposed ? column * side + row : row * side + column;
  });
}

/** Turns every plane of `planes` [N,side,side]. */
export function turnPlanes(planes: Float32Array, side: number, turn: Turn): Float32Array {
  const cells = turnedCells(side, turn);
  const out = new Float32Array(planes.length);
  for (let start = 0; start < planes.length; start += cells.length) {
    for (const [cell, from] of cells.entries()) {
      out[start + cell] = planes[start + from] ?? 0;
    }
  }
  return out;
}

/** Puts the vectors of turned grids `states` [N,side,side,width] back to where they were before the turn. */
export function turnBack(
  states: Float32Array,
  { side, width }: { side: number; width: number },
  turn: Turn,
): Float32Array {
  const cells = turnedCells(side, turn);
  const out = new Float32Array(states.length);
  for (let start = 0; start < states.length; start += cells.length * width) {
    for (const [cell, from] of cells.entries()) {
      out.set(states.subarray(start + cell * width, start + (cell + 1) * width), start + from * width);
    }
  }
  return out;
}
