import { Tensor } from 'onnxruntime-node';
import type { PositionKey } from './prompt';

export type CacheSizes = { layers: number; kvHeads: number; headDim: number; context: number; vocab: number; width: number };

/**
 * The keys and values of one token sequence, in buffers that never move: each is fed as `past_*` and fetched as `present_*`, so
 * that GroupQueryAttention appends in place and a step copies nothing. Also the output buffers of the latest step.
 */
export class KvCache {
  /** What the filled positions hold; its length is how many are filled. */
  readonly keys: PositionKey[] = [];
  readonly feeds: Record<string, Tensor> = {};
  readonly fetches: Record<string, Tensor> = {};
  /** Logits of the position after the last one, [vocab]. */
  readonly logits: Float32Array;
  /** Last hidden state of the last position, [width]. */
  readonly hidden: Float32Array;
  private readonly seqlens = new Int32Array(1);
  private readonly total = new Int32Array(1);

  constructor({ layers, kvHeads, headDim, context, vocab, width }: CacheSizes) {
    for (let layer = 0; layer < layers; layer += 1) {
      for (const kind of ['key', 'value']) {
        const buffer = new Float32Array(kvHeads * context * headDim);
        const tensor = new Tensor('float32', buffer, [1, kvHeads, context, headDim]);
        this.feeds[`past_key_values.${layer}.${kind}`] = tensor;
        this.fetches[`present.${layer}.${kind}`] = tensor;
      }
    }
    this.logits = new Float32Array(vocab);
    this.hidden = new Float32Array(width);
    this.fetches.logits = new Tensor('float32', this.logits, [1, vocab]);
    this.fetches.hidden = new Tensor('float32', this.hidden, [1, width]);
    this.feeds.seqlens_k = new Tensor('int32', this.seqlens, [1]);
    this.feeds.total_sequence_length = new Tensor('int32', this.total, []);
  }

  /** Sets the length inputs for a run that ends with `length` positions filled. */
  setLength(length: number): void {
    this.seqlens[0] = length - 1;
    this.total[0] = length;
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
    this.keys.length = Math.min(this.keys.length, length);
  }
}
