import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Bundle } from '@/lib/engine/bundle';
import { checkpoint } from '@/lib/engine/checkpoint';
import { EngineError } from '@/lib/engine/errors';
import type { Manifest } from '@/lib/engine/manifest';
import { type Signature, openSession } from '@/lib/engine/session';
import { BATCH_GRAPH, BatchGraph } from './batch-graph';
import { CachePool } from './cache-pool';
import { Decoding } from './decoding';
import { type TokenEmbeddings, openEmbeddings, writePositions } from './embeddings';
import { KvCache } from './kv-cache';
import type { LanguageEngine, StartOptions } from './language-engine';
import { type PositionSource, positionKey } from './prompt';
import { Steps } from './steps';
import { Tokenizer } from './tokenizer';

/** Positions computed per run while a prompt is read: cancellation is checked between runs. */
const PREFILL_CHUNK = 128;
/**
 * Positions that a prompt's last run has at least. Runs of two and more give the same bits however they are cut; a run
 * of one uses another kernel (and another graph), whose rounding differs, so that an answer would depend on what was
 * cached.
 */
const MIN_RUN = 2;
/** Conversations whose KV cache is kept (94 MB each at 2048 positions): as many as the worker works on at a time. */
const CACHES = 10;
const PREFILL_GRAPH = 'language.prefill.onnx';
const STATES_GRAPH = 'language.states.onnx';

function signature({ layers, kvHeads, headDim, width, vocab }: Manifest['language']): Signature {
  const kvWidth = kvHeads * headDim;
  const ofLayers = (name: string, shape: (number | string)[]) =>
    Object.fromEntries(Array.from({ length: layers }, (_, i) => [`${name}.${i}`, { shape }]));
  return {
    inputs: {
      embeds: { shape: [1, 'n', width] },
      position: { type: 'int64', shape: [1] },
      mask: { shape: ['n', 'total'] },
      ...ofLayers('key_cache', [1, 'total', kvWidth]),
      ...ofLayers('value_cache', [1, 'total', kvWidth]),
    },
    outputs: {
      logits: { shape: [1, vocab] },
      hidden: { shape: [1, width] },
      ...ofLayers('new_key', [1, 'n', kvWidth]),
      ...ofLayers('new_value', ['n', kvWidth]),
    },
  };
}

const STATES: Signature = {
  inputs: { embeds: { shape: [1, 'n', 'width'] } },
  outputs: { states: { shape: ['n', 'states'] } },
};

/**
 * The bundle's decoder (SmolLM2 with LoRA, or Qwen2): `language.onnx`, its tokenizer and its token embeddings. Where
 * the bundle has the same decoder once more as `language.prefill.onnx`, made for many positions at a time, that reads
 * the prompts.
 */
export class LanguageModel implements LanguageEngine {
  private readonly pool: CachePool;
  private readonly steps: Steps;
  private batch: Promise<BatchGraph> | undefined;

  private constructor(
    private readonly session: InferenceSession,
    /** For runs of several positions. */
    private readonly prefill: InferenceSession,
    /** The decoder's first layers by themselves; undefined for a bundle without them. */
    private readonly states: InferenceSession | undefined,
    readonly tokenizer: Tokenizer,
    private readonly embeddings: TokenEmbeddings,
    /** Positions that fit: prompt and answer together. */
    readonly context: number,
    sizes: Manifest['language'],
    /** Opens the graph for several sequences, for a bundle that has it. */
    private readonly openBatch: (() => Promise<BatchGraph>) | undefined,
  ) {
    this.pool = new CachePool(CACHES, () => new KvCache(sizes));
    this.steps = new Steps(
      ({ cache, source }) => this.append(cache, [source]),
      async (steps) => {
        this.batch ??= openBatch?.().catch((error: unknown) => {
          this.batch = undefined;
          throw error;
        });
        await (await this.batch)?.run(steps);
      },
      () => this.pool.taken > 1,
    );
  }

  /** @throws EngineError `model_unavailable` naming the file that is wrong */
  static async open(bundle: Bundle): Promise<LanguageModel> {
    const { language } = bundle.manifest;
    // Every step has shapes of its own: a memory pattern made of one serves no other.
    const open = (file: string, form: Signature) => openSession(bundle, file, form, { enableMemPattern: false });
    const has = (file: string) => Object.hasOwn(bundle.manifest.files, file);
    const [tokenizer, embeddings] = await Promise.all([Tokenizer.open(bundle), openEmbeddings(bundle)]);
    const opened: InferenceSession[] = [];
    try {
      const form = signature(language);
      const session = await open('language.onnx', form);
      opened.push(session);
      const prefill = has(PREFILL_GRAPH) ? await open(PREFILL_GRAPH, form) : session;
      opened.push(prefill);
      const states = has(STATES_GRAPH) ? await open(STATES_GRAPH, STATES) : undefined;
      // Takes 135 MB and half a second: opened only once two answers are written at the same time.
      const openBatch = has(BATCH_GRAPH) ? () => BatchGraph.open(bundle, embeddings) : undefined;
      return new LanguageModel(session, prefill, states, tokenizer, embeddings, language.context, language, openBatch);
    } catch (error) {
      await releaseAll(opened);
      throw error;
    }
  }

  /**
   * Reads a prompt, reusing what a cache already holds of it; the returned decoding must be disposed.
   * @throws EngineError `invalid_request` when it does not fit, `cancelled` when the signal is aborted
   */
  async start(
    positions: readonly PositionSource[],
    { signal, onProgress, underWay }: StartOptions = {},
  ): Promise<Decoding> {
    if (positions.length === 0 || positions.length >= this.context) {
      throw new EngineError(
        'invalid_request',
        `The prompt has ${positions.length} tokens; it must have at least 1 and fewer than ${this.context}.`,
      );
    }
    const keys = positions.map(positionKey);
    const cache = await this.pool.acquire(keys, signal);
    try {
      const cached = Math.max(0, Math.min(cache.commonPrefix(keys), positions.length - MIN_RUN));
      cache.truncate(cached);
      const fresh = positions.slice(cached);
      await this.append(cache, fresh, signal, (done) => onProgress?.(done, fresh.length));
      const usage = { promptTokens: positions.length, cachedTokens: cached };
      return new Decoding(this, cache, usage, () => this.pool.release(cache), underWay);
    } catch (error) {
      this.pool.release(cache);
      throw error;
    }
  }

  /**
   * Appends one position, in one run with those of other answers that are ready. Used by Decoding.
   * @throws EngineError `invalid_request` when it does not fit
   */
  step(cache: KvCache, source: PositionSource, underWay?: number): Promise<void> {
    const isAlone = this.openBatch === undefined || cache.keys.length >= this.context;
    return isAlone ? this.append(cache, [source]) : this.steps.run({ cache, source, underWay });
  }

  /** Lets those wait who have many more answers under way, until the returned function is called (`Steps.goFirst`). */
  goFirst(underWay: number): () => void {
    return this.steps.goFirst(underWay);
  }

  /**
   * Runs the model over further positions of a cache; its `logits` and `hidden` are then those of the last one. Used by
   * Decoding.
   * @throws EngineError `invalid_request` when they do not fit, `cancelled`
   */
  async append(
    cache: KvCache,
    positions: readonly PositionSource[],
    signal?: AbortSignal,
    onChunk?: (done: number) => void,
  ): Promise<void> {
    if (cache.keys.length + positions.length > this.context) {
      throw new EngineError('invalid_request', `The conversation does not fit into ${this.context} tokens.`);
    }
    for (let start = 0; start < positions.length;) {
      await checkpoint(signal);
      const chunk = positions.slice(start, start + runLength(positions.length - start));
      const { feeds, fetches } = cache.bind(chunk.length);
      const graph = chunk.length === 1 ? this.session : this.prefill;
      await graph.run({ ...feeds, embeds: this.embed(chunk) }, fetches);
      cache.keys.push(...chunk.map(positionKey));
      start += chunk.length;
      onChunk?.(start);
    }
  }

  /**
   * What the decoder's first layers make of a short sequence that no conversation goes on with, one row a position;
   * undefined for a bundle without `language.states.onnx`.
   * @throws EngineError `cancelled` when the signal is aborted
   */
  async firstStates(positions: readonly PositionSource[], signal?: AbortSignal): Promise<Float32Array[] | undefined> {
    await checkpoint(signal);
    if (this.states === undefined) {
      return undefined;
    }
    const { states } = await this.states.run({ embeds: this.embed(positions) });
    const data = states?.data as Float32Array;
    const width = data.length / positions.length;
    return positions.map((_, row) => data.subarray(row * width, (row + 1) * width));
  }

  async close(): Promise<void> {
    const batch = await this.batch;
    const states = this.states === undefined ? [] : [this.states];
    await Promise.all([releaseAll([this.session, this.prefill, ...states]), batch?.close()]);
  }

  private embed(positions: readonly PositionSource[]): Tensor {
    const { width } = this.embeddings;
    const data = new Float32Array(positions.length * width);
    writePositions(this.embeddings, positions, data);
    return new Tensor('float32', data, [1, positions.length, width]);
  }
}

/** Releases each session once, however often it is named. */
async function releaseAll(sessions: readonly InferenceSession[]): Promise<void> {
  await Promise.all([...new Set(sessions)].map((session) => session.release()));
}

/** Positions of the next run when `left` are to be read: a chunk, but never so many that a single one is left over. */
function runLength(left: number): number {
  return left > PREFILL_CHUNK && left < PREFILL_CHUNK + MIN_RUN ? left - MIN_RUN : Math.min(left, PREFILL_CHUNK);
}
