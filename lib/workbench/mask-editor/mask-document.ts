import { drawStroke } from '@/lib/segmentation/brush';
import { fillHoles } from '@/lib/segmentation/flood';
import { createMask, type Bbox, type Mask } from '@/lib/segmentation/mask';
import { grow, shrink } from '@/lib/segmentation/morphology';
import type { Point } from '@/lib/segmentation/polygon';
import { decodeRle, encodeRle, type Rle } from '@/lib/segmentation/rle';
import { createStore } from '../state/create-store';
import { MaskHistory } from './mask-history';

const unite = (first: Bbox | null, second: Bbox | null): Bbox | null => {
  if (!first || !second) {
    return first ?? second;
  }
  const left = Math.min(first[0], second[0]);
  const top = Math.min(first[1], second[1]);
  const right = Math.max(first[0] + first[2], second[0] + second[2]);
  const bottom = Math.max(first[1] + first[3], second[1] + second[3]);
  return [left, top, right - left, bottom - top];
};

/** A mask that is being edited, at the image's resolution. `changes` counts what has to be drawn again. */
export class MaskDocument {
  readonly changes = createStore(0);
  readonly #history: MaskHistory;
  readonly #start: Uint8Array;
  #stroke: Bbox | null = null;

  /** @param rle the mask to begin with; null: an empty one. @throws RangeError when its runs do not fit the size */
  constructor(size: { width: number; height: number }, rle: Rle | null) {
    const mask = rle === null ? createMask(size.width, size.height) : decodeRle(rle);
    this.#history = new MaskHistory(mask);
    this.#start = mask.data;
  }

  get mask(): Mask {
    return this.#history.mask;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Whether any pixel differs from what the editing began with. */
  get isChanged(): boolean {
    return this.mask.data.some((value, index) => value !== this.#start[index]);
  }

  get isEmpty(): boolean {
    return !this.mask.data.includes(1);
  }

  toRle(): Rle {
    return encodeRle(this.mask);
  }

  /** Draws (1) or erases (0) along a segment; `endStroke` makes all since the last one a single step. */
  stroke(from: Point, to: Point, radius: number, value: 0 | 1): void {
    this.#stroke = unite(this.#stroke, drawStroke(this.mask, from, to, radius, value));
    this.#changed();
  }

  endStroke(): void {
    if (this.#stroke) {
      this.#history.commit(this.#stroke);
      this.#stroke = null;
      this.#changed();
    }
  }

  /** Adds an area's pixels, takes them away, or replaces the mask by them. */
  apply(area: Mask, mode: 'add' | 'remove' | 'replace'): void {
    const { data } = this.mask;
    for (let index = 0; index < data.length; index += 1) {
      const inside = area.data[index] === 1;
      if (mode === 'replace') {
        data[index] = inside ? 1 : 0;
      } else if (inside) {
        data[index] = mode === 'add' ? 1 : 0;
      }
    }
    this.#commit();
  }

  /** Grows the mask by whole pixels, or shrinks it by negative ones. */
  resize(pixels: number): void {
    this.apply(pixels >= 0 ? grow(this.mask, pixels) : shrink(this.mask, -pixels), 'replace');
  }

  fillHoles(): void {
    this.apply(fillHoles(this.mask), 'replace');
  }

  clear(): void {
    this.mask.data.fill(0);
    this.#commit();
  }

  undo(): boolean {
    this.endStroke();
    const done = this.#history.undo();
    this.#changed();
    return done;
  }

  redo(): boolean {
    const done = this.#history.redo();
    this.#changed();
    return done;
  }

  #commit(): void {
    this.#history.commit();
    this.#changed();
  }

  #changed(): void {
    this.changes.set((count) => count + 1);
  }
}
