import type { Bbox, Mask } from '@/lib/segmentation/mask';

/** One step: which pixels of a box changed, one bit each, row-major. A binary mask's change is its own inverse. */
type Step = { box: Bbox; bits: Uint8Array };

/** Memory that steps may take; the oldest are forgotten beyond it. */
const HISTORY_BYTES = 64 * 1024 * 1024;

/**
 * A mask with undo and redo. Tools change `mask.data` in place and then `commit`; a step keeps the changed box only,
 * one bit per pixel, so that a brush stroke on a 50-megapixel image costs what the stroke covers.
 */
export class MaskHistory {
  readonly mask: Mask;
  readonly #committed: Uint8Array;
  #undo: Step[] = [];
  #redo: Step[] = [];

  constructor(mask: Mask) {
    this.mask = { ...mask, data: mask.data.slice() };
    this.#committed = mask.data.slice();
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /**
   * Makes what changed inside `box` (default: anywhere) one step.
   * @returns whether anything changed
   */
  commit(box: Bbox = [0, 0, this.mask.width, this.mask.height]): boolean {
    const step = this.#difference(box);
    if (step === null) {
      return false;
    }
    this.#copy(step.box);
    this.#undo.push(step);
    this.#redo = [];
    let bytes = this.#undo.reduce((sum, { bits }) => sum + bits.length, 0);
    while (bytes > HISTORY_BYTES && this.#undo.length > 1) {
      bytes -= this.#undo.shift()?.bits.length ?? 0;
    }
    return true;
  }

  /** Takes the last step back; false when there is none. */
  undo(): boolean {
    return this.#move('undo');
  }

  /** Does the step again that was taken back last; false when there is none. */
  redo(): boolean {
    return this.#move('redo');
  }

  #move(direction: 'undo' | 'redo'): boolean {
    const [from, to] = direction === 'undo' ? [this.#undo, this.#redo] : [this.#redo, this.#undo];
    const step = from.pop();
    if (step === undefined) {
      return false;
    }
    const { box, bits } = step;
    const [left, top, width, height] = box;
    for (let bit = 0; bit < width * height; bit += 1) {
      if (((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) {
        const at = (top + Math.floor(bit / width)) * this.mask.width + left + (bit % width);
        this.mask.data[at] = 1 - (this.mask.data[at] ?? 0);
      }
    }
    this.#copy(box);
    to.push(step);
    return true;
  }

  #copy([left, top, width, height]: Bbox): void {
    for (let y = top; y < top + height; y += 1) {
      const start = y * this.mask.width + left;
      this.#committed.set(this.mask.data.subarray(start, start + width), start);
    }
  }

  /** The smallest box of the differences to the committed mask, and their bits. */
  #difference([left, top, width, height]: Bbox): Step | null {
    const { data, width: stride } = this.mask;
    let [minX, maxX, minY, maxY] = [Infinity, -1, Infinity, -1];
    for (let y = top; y < top + height; y += 1) {
      for (let x = left; x < left + width; x += 1) {
        const at = y * stride + x;
        if (data[at] !== this.#committed[at]) {
          minX = Math.min(minX, x);
          maxX = Math.max(maxX, x);
          minY = Math.min(minY, y);
          maxY = y;
        }
      }
    }
    if (maxX < 0) {
      return null;
    }
    const box: Bbox = [minX, minY, maxX - minX + 1, maxY - minY + 1];
    const bits = new Uint8Array(Math.ceil((box[2] * box[3]) / 8));
    for (let bit = 0; bit < box[2] * box[3]; bit += 1) {
      const at = (minY + Math.floor(bit / box[2])) * stride + minX + (bit % box[2]);
      if (data[at] !== this.#committed[at]) {
        bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
      }
    }
    return { box, bits };
  }
}
