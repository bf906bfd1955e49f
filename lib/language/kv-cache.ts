import { Tensor } from 'onnxruntime-node';
import type { PositionKey } from './prompt';

export type CacheSizes = {
  layers: number;
  kvHeads: number;
  headDim: number;
  context: number;
  vocab: number;
  width: number;
};

/** Added to the attention scores of positions that must not be seen. */
export const UNSEEN = -1e9;

/**
 * What a step of several sequences computed: keys and values [layers, rows, kvWidth], logits [rows, vocab], hidden
 * [rows, width].
 */
export type SharedStep = Record<'keys' | 'values' | 'logits' | 'hidden', Float32Array>;

/** A view of rows of a row-major buffer, as a tensor. */
function rowsTensor(buffer: Float32Array, from: number, to: number, width: number, batched: boolean): Tensor {
  const rows = buffer.subarray(from * width, to * width);
  return new Tensor('float32', rows, batched ? [1, to - from, width] : [to - from, width]);
}

/**
 * The keys and values of one token sequence, in buffers that never move. A run is fed the rows up to its end and writes
 * its own rows into them (docs/decisions/language-graph.md), so that a step copies nothing. Also the output buffers of
 * the latest step.
 */
export class KvCache {
  /** What the filled positions hold; its length is how many are filled. */
  readonly keys: PositionKey[] = [];
  /** How often positions were forgotten: a copy made before then may hold others. */
  epoch = 0;
  /** Logits of the position after the last one, [vocab]. */
  readonly logits: Float32Array;
  /** Last hidden state of the last position, [width]. */
  readonly hidden: Float32Array;
  /** Per layer [context, kvWidth]. */
  private readonly layers: { key: Float32Array; value: Float32Array }[];
  private readonly kvWidth: number;
  private readonly headDim: number;
  private readonly nothingAhead: Float32Array;
  private readonly outputs: { logits: Tensor; hidden: Tensor };

  constructor({ layers, kvHeads, headDim, context, vocab, width }: CacheSizes) {
    this.kvWidth = kvHeads * headDim;
    this.headDim = headDim;
    this.layers = Array.from({ length: layers }, () => ({
      key: new Float32Array(context * this.kvWidth),
      value: new Float32Array(context * this.kvWidth),
    }));
    this.nothingAhead = new Float32Array(context);
    this.logits = new Float32Array(vocab);
    this.hidden = new Float32Array(width);
    this.outputs = {
      logits: new Tensor('float32', this.logits, [1, vocab]),
      hidden: new Tensor('float32', this.hidden, [1, width]),
    };
  }

  /** Inputs (without `embeds`) and outputs of a run over `count` further positions. */
  bind(count: number): { feeds: Record<string, Tensor>; fetches: Record<string, Tensor> } {
    const past = this.keys.length;
    const total = past + count;
    const feeds: Record<string, Tensor> = {
      position: new Tensor('int64', BigInt64Array.of(BigInt(past)), [1]),
      mask: new Tensor('float32', this.mask(past, count), [count, total]),
    };
    const fetches: Record<string, Tensor> = { ...this.outputs };
    this.layers.forEach(({ key, value }, layer) => {
      feeds[`key_cache.${layer}`] = rowsTensor(key, 0, total, this.kvWidth, true);
      feeds[`value_cache.${layer}`] = rowsTensor(value, 0, total, this.kvWidth, true);
      fetches[`new_key.${layer}`] = rowsTensor(key, past, total, this.kvWidth, true);
      fetches[`new_value.${layer}`] = rowsTensor(value, past, total, this.kvWidth, false);
    });
    return { feeds, fetches };
  }

  /** How many leading positions are the same as in `keys`. */
  commonPrefix(keys: readonly PositionKey[]): number {
    const limit = Math.min(keys.length, this.keys.length);
    let length = 0;
    while (length < limit && keys[length] === this.keys[length]) {
      length += 1;
    }
    return length;
  }

  /** Forgets the positions from `length` on. */
  truncate(length: number): void {
    if (length < this.keys.length) {
      this.keys.length = length;
      this.epoch += 1;
    }
  }

  /**
   * Copies keys or values of the positions [from, to) to `target`, where those of head `h` begin at
   * `offset + h * stride`, [position, headDim].
   * @param offset where position 0 of the first head would be
   */
  copyTo(
    target: Float32Array,
    what: { kind: 'key' | 'value'; layer: number; from: number; to: number },
    { offset, stride }: { offset: number; stride: number },
  ): void {
    const { kvWidth, headDim } = this;
    const source = this.layers[what.layer]?.[what.kind] ?? new Float32Array(0);
    for (let head = 0; head * headDim < kvWidth; head += 1) {
      let to = offset + head * stride + what.from * headDim;
      for (let position = what.from; position < what.to; position += 1) {
        const row = position * kvWidth + head * headDim;
        // Element by element: for so few, a view for each row costs more than the copying.
        for (let i = row; i < row + headDim; i += 1, to += 1) {
          target[to] = source[i] ?? 0;
        }
      }
    }
  }

  /** Appends a position that was computed together with those of other sequences, as row `row` of `rows`. */
  append(key: PositionKey, step: SharedStep, row: number, rows: number): void {
    const { kvWidth, keys, logits, hidden } = this;
    this.layers.forEach((layer, i) => {
      const from = (i * rows + row) * kvWidth;
      layer.key.set(step.keys.subarray(from, from + kvWidth), keys.length * kvWidth);
      layer.value.set(step.values.subarray(from, from + kvWidth), keys.length * kvWidth);
    });
    logits.set(step.logits.subarray(row * logits.length, (row + 1) * logits.length));
    hidden.set(step.hidden.subarray(row * hidden.length, (row + 1) * hidden.length));
    keys.push(key);
  }

  /** Causal mask [count, past + count]. */
  private mask(past: number, count: number): Float32Array {
    const total = past + count;
    if (count === 1) {
      return this.nothingAhead.subarray(0, total);
    }
    const mask = new Float32Array(count * total);
    for (let row = 0; row < count; row += 1) {
      mask.fill(UNSEEN, row * total + past + row + 1, (row + 1) * total);
    }
    return mask;
  }
}
