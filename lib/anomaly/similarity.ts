import type { InferenceSession } from 'onnxruntime-node';
import type { Bundle } from '@/lib/engine/bundle';
import { floatOutput, floatTensor, openSession } from '@/lib/engine/session';

/** Nearest-neighbour distance between normalised patches, `similarity.onnx` (no weights). */
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
      outputs: { distance: { shape: ['n'] } },
    });
    return new Similarity(session, width);
  }

  /** For each of `query` [N,D], 1 - the largest cosine with `bank` [M,D] -> [N], 0..2. Both are L2-normalised. */
  async distances(query: Float32Array, bank: Float32Array): Promise<Float32Array> {
    const outputs = await this.session.run({
      query: floatTensor(query, [query.length / this.width, this.width]),
      bank: floatTensor(bank, [bank.length / this.width, this.width]),
    });
    return floatOutput(outputs, 'distance');
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
