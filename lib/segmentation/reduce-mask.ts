import { findComponents, type Component } from './components';
import { createMask, type Mask, nearestIndices, scaleMask } from './mask';

/**
 * A component on the coarse grid: the cells that it touches, and those of them whose centre it covers, in a box of its
 * own.
 */
type Cells = { x0: number; y0: number; width: number; height: number; touched: Uint8Array; kept: Uint8Array };

/** The first and the last of `cells` that the pixels `from` to `end` (exclusive) of `length` reach into. */
function reach(from: number, end: number, cells: number, length: number): [number, number] {
  return [Math.floor((from * cells) / length), Math.ceil((end * cells) / length) - 1];
}

/**
 * Scales a mask to width x height pixels: `scaleMask` where it grows, `reduceMask` where it shrinks, so that no region
 * is lost. The mask itself when it has the size.
 */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  const grows = width >= mask.width && height >= mask.height;
  return grows ? scaleMask(mask, width, height) : reduceMask(mask, width, height);
}

/**
 * Makes a mask smaller without losing any of its regions, which taking the value under each cell's centre does with
 * scratches that are thinner than a cell: they vanish or fall into dots. Cells whose centre a region covers are set, as
 * with `scaleMask`; where a region touches a cell and none around it is set, that cell is set as well; and pieces of
 * one region are joined along the cells that it touches. Regions thicker than a cell come out as they would from their
 * centres alone. Two regions closer than a cell may become one.
 *
 * @param width of the result, in pixels, as `height`
 */
export function reduceMask(mask: Mask, width: number, height: number): Mask {
  const out = createMask(width, height);
  const columns = nearestIndices(width, mask.width);
  const rows = nearestIndices(height, mask.height);
  for (const component of findComponents(mask)) {
    const cells = cellsOf(component, mask, { width, height }, { columns, rows });
    keepFarCells(cells);
    joinPieces(cells);
    for (let y = 0; y < cells.height; y += 1) {
      for (let x = 0; x < cells.width; x += 1) {
        if (cells.kept[y * cells.width + x] === 1) {
          out.data[(cells.y0 + y) * width + cells.x0 + x] = 1;
        }
      }
    }
  }
  return out;
}

function cellsOf(
  { runs, bbox: [left, top, across, down] }: Component,
  mask: Mask,
  size: { width: number; height: number },
  centres: { columns: Int32Array; rows: Int32Array },
): Cells {
  const [x0, x1] = reach(left, left + across, size.width, mask.width);
  const [y0, y1] = reach(top, top + down, size.height, mask.height);
  const [width, height] = [x1 - x0 + 1, y1 - y0 + 1];
  const cells = {
    x0,
    y0,
    width,
    height,
    touched: new Uint8Array(width * height),
    kept: new Uint8Array(width * height),
  };
  for (let i = 0; i < runs.length; i += 3) {
    const [y, from, to] = [runs[i] ?? 0, runs[i + 1] ?? 0, runs[i + 2] ?? 0];
    const [firstRow, lastRow] = reach(y, y + 1, size.height, mask.height);
    const [first, last] = reach(from, to, size.width, mask.width);
    for (let row = firstRow; row <= lastRow; row += 1) {
      for (let column = first; column <= last; column += 1) {
        const at = (row - y0) * width + column - x0;
        const centre = centres.columns[column] ?? -1;
        cells.touched[at] = 1;
        if (centres.rows[row] === y && centre >= from && centre < to) {
          cells.kept[at] = 1;
        }
      }
    }
  }
  return cells;
}

/** Calls `visit` with each of the up to eight neighbours of a cell. */
function eachNeighbour({ width, height }: Cells, at: number, visit: (neighbour: number) => void): void {
  const [x, y] = [at % width, Math.floor(at / width)];
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1) {
      const neighbour = row * width + column;
      if (neighbour !== at) {
        visit(neighbour);
      }
    }
  }
}

/** Keeps the touched cells that have no kept cell around them: parts of the region that would be lost. */
function keepFarCells(cells: Cells): void {
  const far: number[] = [];
  cells.touched.forEach((value, at) => {
    if (value === 1 && cells.kept[at] === 0) {
      let near = false;
      eachNeighbour(cells, at, (neighbour) => {
        near ||= cells.kept[neighbour] === 1;
      });
      if (!near) {
        far.push(at);
      }
    }
  });
  far.forEach((at) => {
    cells.kept[at] = 1;
  });
}

/**
 * Joins the pieces of kept cells along touched ones: all pieces grow over the touched cells at once, and where two that
 * are not joined yet meet, the cells back to both are kept.
 */
function joinPieces(cells: Cells): void {
  const { touched, kept } = cells;
  const owner = new Int32Array(kept.length).fill(-1);
  const from = new Int32Array(kept.length).fill(-1);
  const parents: number[] = [];
  const rootOf = (piece: number): number => {
    let root = piece;
    while (parents[root] !== root) {
      root = parents[root] ?? root;
    }
    parents[piece] = root;
    return root;
  };
  const queue: number[] = [];
  kept.forEach((value, start) => {
    if (value === 0 || owner[start] !== -1) {
      return;
    }
    const piece = parents.length;
    parents.push(piece);
    owner[start] = piece;
    const first = queue.length;
    queue.push(start);
    for (let i = first; i < queue.length; i += 1) {
      eachNeighbour(cells, queue[i] ?? 0, (neighbour) => {
        if (kept[neighbour] === 1 && owner[neighbour] === -1) {
          owner[neighbour] = piece;
          queue.push(neighbour);
        }
      });
    }
  });
  const keepBack = (start: number) => {
    for (let at = start; at !== -1 && kept[at] === 0; at = from[at] ?? -1) {
      kept[at] = 1;
    }
  };
  for (let i = 0; parents.length > 1 && i < queue.length; i += 1) {
    const at = queue[i] ?? 0;
    eachNeighbour(cells, at, (neighbour) => {
      if (touched[neighbour] === 0) {
        return;
      }
      if (owner[neighbour] === -1) {
        owner[neighbour] = owner[at] ?? -1;
        from[neighbour] = at;
        queue.push(neighbour);
        return;
      }
      const [here, there] = [rootOf(owner[at] ?? 0), rootOf(owner[neighbour] ?? 0)];
      if (here !== there) {
        parents[here] = there;
        keepBack(at);
        keepBack(neighbour);
      }
    });
  }
}
