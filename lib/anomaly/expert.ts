import type { InferenceSession } from 'onnxruntime-node';
import type { Bundle } from '@/lib/engine/bundle';
import { type SessionOptions, type TensorShape, floatOutput, floatTensor, openSession } from '@/lib/engine/session';
import type { Encoding } from '@/lib/vision/encoder';

/** What the anomaly expert says of V views by itself (LTFM and look-back of Anomaly-OV). */
export type ExpertScores = {
  /** Anomaly maps [V,P], 0..1, 0 on padding. */
  maps: Float32Array;
  /** Image score before calibration, 0..1. */
  score: number;
  /**
   * How foreign the image is, on the graph's own scale (`calibration.foreign`); undefined where the bundle does not
   * say.
   */
  foreign: number | undefined;
};

/** The same with what the language model and the mask decoder are given (LTC projector of VMAD). */
export type ExpertOutput = ExpertScores & {
  /** Significance of each view [V]: the mean of its map. */
  significance: Float32Array;
  /** Image tokens for the language model [G,W]. */
  imageTokens: Float32Array;
  /** Anomaly tokens [1+4V,W]: global, base view's four, each tile's four. */
  anomalyTokens: Float32Array;
  /** Mask features [V,P,C]. */
  features: Float32Array;
};

type Outputs = InferenceSession.ReturnType;

function readScores(outputs: Outputs): ExpertScores {
  return {
    maps: floatOutput(outputs, 'maps'),
    score: floatOutput(outputs, 'score')[0] ?? 0,
    foreign: 'foreign' in outputs ? floatOutput(outputs, 'foreign')[0] : undefined,
  };
}

function readAll(outputs: Outputs): ExpertOutput {
  return {
    ...readScores(outputs),
    significance: floatOutput(outputs, 'significance'),
    imageTokens: floatOutput(outputs, 'image_tokens'),
    anomalyTokens: floatOutput(outputs, 'anomaly_tokens'),
    features: floatOutput(outputs, 'features'),
  };
}

/** The trained anomaly expert, `expert.onnx`. */
export class Expert<Output extends ExpertScores = ExpertOutput> {
  private constructor(
    private readonly session: InferenceSession,
    private readonly shape: { levels: number; patches: number; width: number },
    private readonly read: (outputs: Outputs) => Output,
  ) {}

  /** @throws EngineError `model_unavailable` naming expert.onnx */
  static async open(bundle: Bundle): Promise<Expert> {
    const { expert, language } = bundle.manifest;
    const { patches } = shapeOf(bundle);
    const session = await openExpert(bundle, {
      significance: { shape: ['views'] },
      image_tokens: { shape: [expert.imageTokens, language.width] },
      anomaly_tokens: { shape: ['tokens', language.width] },
      features: { shape: ['views', patches, expert.featureWidth] },
      global: { shape: [1, expert.globalWidth] },
    });
    return new Expert(session, shapeOf(bundle), readAll);
  }

  /**
   * Only the part of the graph that leads to maps and score, which give the same numbers. @throws EngineError as `open`
   */
  static async openScores(bundle: Bundle): Promise<Expert<ExpertScores>> {
    return new Expert(await openExpert(bundle, {}, { prune: true }), shapeOf(bundle), readScores);
  }

  /** Runs the expert on the encoding of V views; `valid` [V,P] is 1 on patches that show the image. */
  async run({ levels, cls }: Encoding, valid: Float32Array): Promise<Output> {
    const { patches, width } = this.shape;
    const views = valid.length / patches;
    const outputs = await this.session.run({
      levels: floatTensor(levels, [views, this.shape.levels, patches, width]),
      cls: floatTensor(cls, [views, width]),
      valid: floatTensor(valid, [views, patches]),
    });
    return this.read(outputs);
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

function shapeOf({ manifest: { vision } }: Bundle) {
  return { levels: vision.levels, patches: vision.grid * vision.grid, width: vision.width };
}

function openExpert(
  bundle: Bundle,
  more: Record<string, TensorShape>,
  options?: SessionOptions,
): Promise<InferenceSession> {
  const { levels, patches, width } = shapeOf(bundle);
  const inputs = {
    levels: { shape: ['views', levels, patches, width] },
    cls: { shape: ['views', width] },
    valid: { shape: ['views', patches] },
  };
  const foreign = bundle.manifest.calibration.foreign === undefined ? {} : { foreign: { shape: [1] } };
  const outputs = { maps: { shape: ['views', patches] }, score: { shape: [1] }, ...foreign, ...more };
  return openSession(bundle, 'expert.onnx', { inputs, outputs }, options);
}
