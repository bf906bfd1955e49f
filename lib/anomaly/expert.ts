import type { InferenceSession } from 'onnxruntime-node';
import type { Bundle } from '@/lib/engine/bundle';
import { floatOutput, floatTensor, openSession } from '@/lib/engine/session';
import type { Encoding } from '@/lib/vision/encoder';

/** What the anomaly expert says about V views (LTFM and look-back of Anomaly-OV, LTC projector of VMAD). */
export type ExpertOutput = {
  /** Anomaly maps [V,P], 0..1, 0 on padding. */
  maps: Float32Array;
  /** Significance of each view [V]: the mean of its map. */
  significance: Float32Array;
  /** Image score before calibration, 0..1. */
  score: number;
  /** Image tokens for the language model [G,W]. */
  imageTokens: Float32Array;
  /** Anomaly tokens [1+4V,W]: global, base view's four, each tile's four. */
  anomalyTokens: Float32Array;
  /** Mask features [V,P,C]. */
  features: Float32Array;
};

/** The trained anomaly expert, `expert.onnx`. */
export class Expert {
  private constructor(
    private readonly session: InferenceSession,
    private readonly shape: { levels: number; patches: number; width: number },
  ) {}

  /** @throws EngineError `model_unavailable` naming expert.onnx */
  static async open(bundle: Bundle): Promise<Expert> {
    const { vision, expert, language } = bundle.manifest;
    const patches = vision.grid * vision.grid;
    const session = await openSession(bundle, 'expert.onnx', {
      inputs: {
        levels: { shape: ['views', vision.levels, patches, vision.width] },
        cls: { shape: ['views', vision.width] },
        valid: { shape: ['views', patches] },
      },
      outputs: {
        maps: { shape: ['views', patches] },
        significance: { shape: ['views'] },
        score: { shape: [1] },
        image_tokens: { shape: [expert.imageTokens, language.width] },
        anomaly_tokens: { shape: ['tokens', language.width] },
        features: { shape: ['views', patches, expert.featureWidth] },
        global: { shape: [1, expert.globalWidth] },
      },
    });
    return new Expert(session, { levels: vision.levels, patches, width: vision.width });
  }

  /** Runs the expert on the encoding of V views; `valid` [V,P] is 1 on patches that show the image. */
  async run({ levels, cls }: Encoding, valid: Float32Array): Promise<ExpertOutput> {
    const { patches, width } = this.shape;
    const views = valid.length / patches;
    const outputs = await this.session.run({
      levels: floatTensor(levels, [views, this.shape.levels, patches, width]),
      cls: floatTensor(cls, [views, width]),
      valid: floatTensor(valid, [views, patches]),
    });
    return {
      maps: floatOutput(outputs, 'maps'),
      significance: floatOutput(outputs, 'significance'),
      score: floatOutput(outputs, 'score')[0] ?? 0,
      imageTokens: floatOutput(outputs, 'image_tokens'),
      anomalyTokens: floatOutput(outputs, 'anomaly_tokens'),
      features: floatOutput(outputs, 'features'),
    };
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
