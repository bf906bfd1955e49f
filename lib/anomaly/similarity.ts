import type { InferenceSession } from 'onnxruntime-node';
import type { Bundle } from '@/lib/engine/bundle';
import { floatOutput, floatTensor, int32Output, openSession } from '@/lib/engine/session';
import type { Moments, Residual } from './residual';

/** For each query its nearest sample's distance, and which sample that is. */
export type Nearest = { distances: Float32Array; indices: Int32Array };

type Graphs = { similarity: InferenceSession; geometric: GeometricGraphs | undefined };
/** What `calibration.reference.geometric` needs. */
type GeometricGraphs = { moments: InferenceSession; residual: InferenceSession; within: InferenceSession };

/** Comparisons among L2-normalised patches [N,D], by graphs without weights (docs/design/model.md). */
export class Similarity {
  private constructor(
    private readonly graphs: Graphs,
    private readonly width: number,
  ) {}

  /** @throws EngineError `model_unavailable` naming the file */
  static async open(bundle: Bundle): Promise<Similarity> {
    const { vision, calibration } = bundle.manifest;
    const { width } = vision;
    const similarity = await openSession(bundle, 'similarity.onnx', {
      inputs: { query: { shape: ['n', width] }, bank: { shape: ['m', width] } },
      outputs: { distance: { shape: ['n'] }, nearest: { type: 'int32', shape: ['n'] } },
    });
    const geometric = calibration.reference.geometric === undefined ? undefined : await openGeometric(bundle, width);
    return new Similarity({ similarity, geometric }, width);
  }

  /** For each of `query` [N,D] 1 - the largest cosine with `bank` [M,D], 0..2, and the row of it: [N] each. */
  async nearest(query: Float32Array, bank: Float32Array): Promise<Nearest> {
    const outputs = await this.compare(query, bank, ['distance', 'nearest']);
    return { distances: floatOutput(outputs, 'distance'), indices: int32Output(outputs, 'nearest') };
  }

  /** The distances alone, which are found faster. */
  async distances(query: Float32Array, bank: Float32Array): Promise<Float32Array> {
    return floatOutput(await this.compare(query, bank, ['distance']), 'distance');
  }

  /**
   * For each of a view's patches 1 - the largest cosine with those of its own view that `near` [N,N] does not mark:
   * [N], 0..2.
   * @param near 4 where two patches are too close to each other to be evidence, else 0
   */
  async within(patches: Float32Array, near: Float32Array): Promise<Float32Array> {
    const count = patches.length / this.width;
    const outputs = await this.geometricGraphs().within.run({
      patches: floatTensor(patches, [count, this.width]),
      near: floatTensor(near, [count, count]),
    });
    return floatOutput(outputs, 'distance');
  }

  /** The sums that `fitResidual` takes. */
  async moments(patches: Float32Array): Promise<Moments> {
    const count = patches.length / this.width;
    const outputs = await this.geometricGraphs().moments.run({ patches: floatTensor(patches, [count, this.width]) });
    return { count, total: floatOutput(outputs, 'total'), products: floatOutput(outputs, 'products') };
  }

  /** The squared length of what is left of each patch: [N]. */
  async residual(patches: Float32Array, { mean, root }: Residual): Promise<Float32Array> {
    const outputs = await this.geometricGraphs().residual.run({
      patches: floatTensor(patches, [patches.length / this.width, this.width]),
      mean: floatTensor(mean, [this.width]),
      root: floatTensor(root, [this.width, this.width]),
    });
    return floatOutput(outputs, 'residual');
  }

  private geometricGraphs(): GeometricGraphs {
    if (this.graphs.geometric === undefined) {
      throw new Error('The bundle does not combine distances: calibration.reference.geometric is not given.');
    }
    return this.graphs.geometric;
  }

  private compare(
    query: Float32Array,
    bank: Float32Array,
    outputs: string[],
  ): Promise<InferenceSession.OnnxValueMapType> {
    return this.graphs.similarity.run(
      {
        query: floatTensor(query, [query.length / this.width, this.width]),
        bank: floatTensor(bank, [bank.length / this.width, this.width]),
      },
      outputs,
    );
  }

  async close(): Promise<void> {
    const { similarity, geometric } = this.graphs;
    await Promise.all([similarity, ...Object.values(geometric ?? {})].map((session) => session.release()));
  }
}

async function openGeometric(bundle: Bundle, width: number): Promise<GeometricGraphs> {
  const patches = { shape: ['n', width] };
  const [moments, residual, within] = await Promise.all([
    openSession(bundle, 'moments.onnx', {
      inputs: { patches },
      outputs: { total: { shape: [width] }, products: { shape: [width, width] } },
    }),
    openSession(bundle, 'residual.onnx', {
      inputs: { patches, mean: { shape: [width] }, root: { shape: [width, width] } },
      outputs: { residual: { shape: ['n'] } },
    }),
    openSession(bundle, 'within.onnx', {
      inputs: { patches, near: { shape: ['n', 'n'] } },
      outputs: { distance: { shape: ['n'] } },
    }),
  ]);
  return { moments, residual, within };
}
