import { type Bbox, type Mask, createMask } from './mask';
import type { Rle } from './rle';

/** A connected component: `runs` holds [y, first x, end x (exclusive)] per horizontal run, top to bottom. */
export type Component = { area: number; bbox: Bbox; runs: Int32Array };

/** Horizontal runs of a mask as a growing typed array of [y, x0, x1]. */
function collectRuns({ width, data }: Mask): Int32Array {
  let runs = new Int32Array(3 * 1024);
  let length = 0;
  let from = data.indexOf(1);
  while (from !== -1) {
    const y = Math.floor(from / width);
    const end = (y + 1) * width;
    let to = from + 1;
    while (to < end && data[to] === 1) {
      to += 1;
    }
    if (length + 3 > runs.length) {
      const larger = new Int32Array(runs.length * 2);
      larger.set(runs);
      runs = larger;
    }
    runs[length] = y;
    runs[length + 1] = from - y * width;
    runs[length + 2] = to - y * width;
    length += 3;
    from = data.indexOf(1, to);
  }
  return runs.subarray(0, length);
}

/** Disjoint sets over run numbers, with path halving; the smaller number becomes the root. */
class DisjointSets {
  private readonly parents: Int32Array;

  constructor(count: number) {
    this.parents = Int32Array.from({ length: count }, (_, i) => i);
  }

  find(element: number): number {
    let current = element;
    let parent = this.parents[current] ?? current;
    while (parent !== current) {
      const grandparent = this.parents[parent] ?? parent;
      this.parents[current] = grandparent;
      current = grandparent;
      parent = this.parents[current] ?? current;
    }
    return current;
  }

  union(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    this.parents[Math.max(first, second)] = Math.min(first, second);
  }
}

/** Joins runs of neighbouring rows that touch, diagonals included. */
function joinRuns(runs: Int32Array): DisjointSets {
  const count = runs.length / 3;
  const sets = new DisjointSets(count);
  const at = (run: number, field: number) => runs[run * 3 + field] ?? 0;
  let above = 0;
  for (let run = 0; run < count; run += 1) {
    while (above < run && (at(above, 0) < at(run, 0) - 1 || (at(above, 0) < at(run, 0) && at(above, 2) < at(run, 1)))) {
      above += 1;
    }
    for (let other = above; other < run && at(other, 0) === at(run, 0) - 1 && at(other, 1) <= at(run, 2); other += 1) {
      sets.union(other, run);
    }
  }
  return sets;
}

/** The mask's connected components (8 neighbours), in the order of their topmost, then leftmost run. */
export function findComponents(mask: Mask): Component[] {
  const runs = collectRuns(mask);
  const sets = joinRuns(runs);
  const groups = new Map<number, number[]>();
  for (let run = 0; run < runs.length / 3; run += 1) {
    const rootRun = sets.find(run);
    const group = groups.get(rootRun);
    if (group === undefined) {
      groups.set(rootRun, [run]);
    } else {
      group.push(run);
    }
  }
  return [...groups.values()].map((members) => toComponent(runs, members));
}

function toComponent(runs: Int32Array, members: number[]): Component {
  const own = new Int32Array(members.length * 3);
  let [left, right, area] = [Infinity, 0, 0];
  members.forEach((run, index) => {
    const fields = runs.subarray(run * 3, run * 3 + 3);
    own.set(fields, index * 3);
    const [, x0 = 0, x1 = 0] = fields;
    left = Math.min(left, x0);
    right = Math.max(right, x1);
    area += x1 - x0;
  });
  const top = own[0] ?? 0;
  const bottom = (own.at(-3) ?? 0) + 1;
  return { area, bbox: [left, top, right - left, bottom - top], runs: own };
}

/** Sets a component's pixels in a mask whose origin lies at (offsetX, offsetY) of the component's image. */
export function drawComponent(mask: Mask, { runs }: Component, offsetX = 0, offsetY = 0): void {
  for (let i = 0; i < runs.length; i += 3) {
    const row = ((runs[i] ?? 0) - offsetY) * mask.width - offsetX;
    mask.data.fill(1, row + (runs[i + 1] ?? 0), row + (runs[i + 2] ?? 0));
  }
}

/** The component alone as COCO RLE over an image of the given size; costs its bounding box, not the image. */
export function componentRle(component: Component, width: number, height: number): Rle {
  const [left, top, boxWidth, boxHeight] = component.bbox;
  const box = createMask(boxWidth, boxHeight);
  drawComponent(box, component, left, top);
  const counts: number[] = [];
  let end = 0;
  for (let x = 0; x < boxWidth; x += 1) {
    for (let y = 0; y < boxHeight; y += 1) {
      if (box.data[y * boxWidth + x] !== 1) {
        continue;
      }
      const position = (left + x) * height + top + y;
      if (counts.length > 0 && position === end) {
        counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
      } else {
        counts.push(position - end, 1);
      }
      end = position + 1;
    }
  }
  const rest = width * height - end;
  return { size: [height, width], counts: rest > 0 || counts.length === 0 ? [...counts, rest] : counts };
}
