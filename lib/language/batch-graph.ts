import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Bundle } from '@/lib/engine/bundle';
import type { Manifest } from '@/lib/engine/manifest';
import { type Signature, floatOutput, openSession } from '@/lib/engine/session';
import { BatchRows } from './batch-rows';
import { type TokenEmbeddings, writePositions } from './embeddings';
import { positionKey } from './prompt';
import type { Step } from './steps';

/** The decoder's step for several sequences at once; a bundle may lack it. */
export const BATCH_GRAPH = 'language.batch.onnx';

function signature({ layers, kvHeads, headDim, width, vocab }: Manifest['language']): Signature {
  const caches = Array.from({ length: layers }, (_, i) => [`key_cache.${i}`, `value_cache.${i}`]).flat();
  return {
    inputs: {
      embeds: { shape: ['rows', width] },
      position: { type: 'int64', shape: ['rows', 1] },
      mask: { shape: ['rows', 1, 1, 'past'] },
      ...Object.fromEntries(caches.map((name) => [name, { shape: ['rows', kvHeads, 'past', headDim] }])),
    },
    outputs: {
      logits: { shape: ['rows', vocab] },
      hidden: { shape: ['rows', width] },
      new_keys: { shape: [layers, 'rows', kvHeads * headDim] },
      new_values: { shape: [layers, 'rows', kvHeads * headDim] },
    },
  };
}

/** `language.batch.onnx`: appends one position to each of several sequences, reading the weights once. */
export class BatchGraph {
  private readonly rows: BatchRows;

  private constructor(
    private readonly session: InferenceSession,
    private readonly embeddings: TokenEmbeddings,
    sizes: Manifest['language'],
  ) {
    this.rows = new BatchRows(sizes);
  }

  /** @throws EngineError `model_unavailable` naming the file */
  static async open(bundle: Bundle, embeddings: TokenEmbeddings): Promise<BatchGraph> {
    const { language } = bundle.manifest;
    const session = await openSession(bundle, BATCH_GRAPH, signature(language), { enableMemPattern: false });
    return new BatchGraph(session, embeddings, language);
  }

  /** Runs one step of sequences that fit together (`fitTogether`); one call at a time. */
  async run(steps: readonly Step[]): Promise<void> {
    const byCache = new Map(steps.map((step) => [step.cache, step]));
    const ordered = this.rows.hold([...byCache.keys()]).flatMap((cache) => byCache.get(cache) ?? []);
    const { width } = this.embeddings;
    const data = new Float32Array(ordered.length * width);
    writePositions(
      this.embeddings,
      ordered.map(({ source }) => source),
      data,
    );
    const embeds = new Tensor('float32', data, [ordered.length, width]);
    const found = await this.session.run({ ...this.rows.feeds(), embeds });
    const step = {
      keys: floatOutput(found, 'new_keys'),
      values: floatOutput(found, 'new_values'),
      logits: floatOutput(found, 'logits'),
      hidden: floatOutput(found, 'hidden'),
    };
    ordered.forEach(({ cache, source }, row) => cache.append(positionKey(source), step, row, ordered.length));
  }

  close(): Promise<void> {
    return this.session.release();
  }
}
