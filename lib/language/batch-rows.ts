import { Tensor } from 'onnxruntime-node';
import { type CacheSizes, type KvCache, UNSEEN } from './kv-cache';

/** Sequences of one step. */
const MOST_ROWS = 8;
/**
 * Positions of all rows together, padding counted: 283 MB with the bundle's decoder, of which only what is used is ever
 * touched.
 */
const MOST_POSITIONS = 6144;
/** Rows are padded to a multiple of this, so that their places change every so many steps only. */
const GRAIN = 64;
/**
 * Positions of padding that a further row is worth. Attention costs about 8 us a position, and a row that shares the
 * reading of the weights saves about 8 ms (docs/decisions/batched-decoding.md).
 */
const PADDING_PER_ROW = 640;

/** To how many positions rows are padded of which the longest has `length`. */
const padded = (length: number) => Math.ceil(length / GRAIN) * GRAIN;

/** True when sequences of these lengths are better computed in one step than in several, and fit. */
export function fitTogether(lengths: readonly number[]): boolean {
  const positions = lengths.length * padded(Math.max(...lengths));
  const apart = lengths.reduce((sum, length) => sum + padded(length), 0);
  return (
    lengths.length <= MOST_ROWS &&
    positions <= MOST_POSITIONS &&
    positions - apart <= PADDING_PER_ROW * (lengths.length - 1)
  );
}

type Row = { cache: KvCache; epoch: number; filled: number };

/**
 * Copies of the caches of those sequences that are computed together, as `language.batch.onnx` reads them: per layer
 * [rows, kvHeads, stride, headDim], each row padded to the same length. What is held already from the step before is
 * not copied again.
 */
export class BatchRows {
  private rows: Row[] = [];
  /** Positions per row, padding included. */
  private stride = 0;
  private readonly buffers: { name: string; kind: 'key' | 'value'; layer: number; data: Float32Array }[];

  constructor(private readonly sizes: CacheSizes) {
    const { layers, kvHeads, headDim } = sizes;
    this.buffers = Array.from({ length: layers }, (_, layer) =>
      (['key', 'value'] as const).map((kind) => {
        const data = new Float32Array(MOST_POSITIONS * kvHeads * headDim);
        return { name: `${kind}_cache.${layer}`, kind, layer, data };
      }),
    ).flat();
  }

  /**
   * Takes over these caches as they are now; they must fit together.
   * @returns them in the order of the rows
   */
  hold(caches: readonly KvCache[]): KvCache[] {
    this.drop(({ cache, epoch }) => !caches.includes(cache) || epoch !== cache.epoch);
    const wanted = padded(Math.max(...caches.map(({ keys }) => keys.length)));
    if (wanted > this.stride || wanted < this.stride / 2 || caches.length * this.stride > MOST_POSITIONS) {
      this.move(wanted);
    }
    const held = new Set(this.rows.map(({ cache }) => cache));
    for (const cache of caches.filter((each) => !held.has(each))) {
      this.rows.push({ cache, epoch: cache.epoch, filled: 0 });
    }
    this.rows.forEach((row, index) => this.catchUp(row, index));
    return this.rows.map(({ cache }) => cache);
  }

  /** Inputs of a step (without `embeds`). */
  feeds(): Record<string, Tensor> {
    const { rows, stride, sizes } = this;
    const mask = new Float32Array(rows.length * stride);
    rows.forEach(({ filled }, row) => mask.fill(UNSEEN, row * stride + filled, (row + 1) * stride));
    const positions = BigInt64Array.from(rows, ({ filled }) => BigInt(filled));
    const shape = [rows.length, sizes.kvHeads, stride, sizes.headDim];
    const used = rows.length * this.rowSize;
    return {
      position: new Tensor('int64', positions, [rows.length, 1]),
      mask: new Tensor('float32', mask, [rows.length, 1, 1, stride]),
      ...Object.fromEntries(
        this.buffers.map(({ name, data }) => [name, new Tensor('float32', data.subarray(0, used), shape)]),
      ),
    };
  }

  /** Elements of a row in a buffer. */
  private get rowSize(): number {
    return this.sizes.kvHeads * this.stride * this.sizes.headDim;
  }

  private catchUp(row: Row, index: number): void {
    const { cache, filled: from } = row;
    const to = cache.keys.length;
    const place = { offset: index * this.rowSize, stride: this.stride * this.sizes.headDim };
    for (const { kind, layer, data } of this.buffers) {
      cache.copyTo(data, { kind, layer, from, to }, place);
    }
    row.filled = to;
  }

  /** Gives the places of rows up; the last ones move into them. */
  private drop(isGone: (row: Row) => boolean): void {
    for (let index = this.rows.length - 1; index >= 0; index -= 1) {
      const [row, last] = [this.rows[index], this.rows.at(-1)];
      if (row === undefined || last === undefined || !isGone(row)) {
        continue;
      }
      this.rows.pop();
      if (last !== row) {
        const from = this.rows.length * this.rowSize;
        this.buffers.forEach(({ data }) => data.copyWithin(index * this.rowSize, from, from + this.rowSize));
        this.rows[index] = last;
      }
    }
  }

  /** Lays the rows out again, `stride` positions each. */
  private move(stride: number): void {
    const { rows, sizes } = this;
    const { kvHeads, headDim } = sizes;
    const blocks = rows.flatMap(({ filled }, row) =>
      Array.from({ length: kvHeads }, (_, head) => ({ at: row * kvHeads + head, filled })),
    );
    // In the order in which no block is overwritten before it has moved.
    for (const { at, filled } of stride > this.stride ? blocks.reverse() : blocks) {
      const from = at * this.stride * headDim;
      this.buffers.forEach(({ data }) => data.copyWithin(at * stride * headDim, from, from + filled * headDim));
    }
    this.stride = stride;
  }
}
