import type { InferenceSession } from 'onnxruntime-node';
import type { Bundle } from '@/lib/engine/bundle';
import { floatOutput, floatTensor, int32Output, openSession } from '@/lib/engine/session';

/** For each query its nearest sample's distance, and which sample that is. */
export type Nearest = { distances: Float32Array; indices: Int32Array };

/** Nearest neighbours among normalised patches, `similarity.onnx` (no weights). */
export class Similarity {
  private constructor(
    private readonly session: InferenceSession,
    private readonly width: number,
  ) {}

  /** @throws EngineError `model_unavailable` naming similarity.onnx */
  static async open(bundle: Bundle): Promise<Similarity> {
    const { width } = bundle.manifest.vision;
    const session = await openSession(bundle, 'similarity.onnx', {
      inputs: { query: { shape: ['n', width] }, bank: { shape: ['m', width] } },
      outputs: { distance: { shape: ['n'] }, nearest: { type: 'int32', shape: ['n'] } },
    });
    return new Similarity(session, width);
  }

  /** For each of `query` [N,D] 1 - the largest cosine with `bank` [M,D], 0..2, and the row of it: [N] each. Both are L2-normalised. */
  async nearest(query: Float32Array, bank: Float32Array): Promise<Nearest> {
    const outputs = await this.run(query, bank, ['distance', 'nearest']);
    return { distances: floatOutput(outputs, 'distance'), indices: int32Output(outputs, 'nearest') };
  }

  /** The distances alone, which are found faster. */
  async distances(query: Float32Array, bank: Float32Array): Promise<Float32Array> {
    return floatOutput(await this.run(query, bank, ['distance']), 'distance');
  }

  private run(query: Float32Array, bank: Float32Array, outputs: string[]): Promise<InferenceSession.OnnxValueMapType> {
    return this.session.run(
      {
        query: floatTensor(query, [query.length / this.width, this.width]),
        bank: floatTensor(bank, [bank.length / this.width, this.width]),
      },
      outputs,
    );
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
