import type { InferenceSession } from 'onnxruntime-node';
import type { InspectionState } from '@/lib/anomaly/state';
import type { Bundle } from '@/lib/engine/bundle';
import { EngineError } from '@/lib/engine/errors';
import type { Manifest, SegmenterManifest } from '@/lib/engine/manifest';
import { floatOutput, floatTensor, openSession } from '@/lib/engine/session';
import { type ViewGrids, assembleViews } from '@/lib/vision/assemble';
import { type Click, agreeing, clickPrompt, regionAtClicks } from './click-prompt';
import type { Mask } from './mask';
import type { MaskSource, Segmentation } from './mask-source';
import { type ProbabilityMap, extractRegions } from './regions';

/** The SAM-style mask decoder of VMAD, `segmenter.onnx`. */
export class Segmenter implements MaskSource {
  private constructor(
    private readonly session: InferenceSession,
    private readonly manifest: Manifest,
    private readonly sizes: SegmenterManifest,
  ) {}

  /** @throws EngineError `model_unavailable` naming segmenter.onnx */
  static async open(bundle: Bundle): Promise<Segmenter> {
    const { vision, expert, segmenter, language } = bundle.manifest;
    if (segmenter === undefined) {
      throw new EngineError('model_unavailable', `The model bundle ${bundle.name} has no segmenter.onnx.`);
    }
    const patches = vision.grid * vision.grid;
    const session = await openSession(bundle, 'segmenter.onnx', {
      inputs: {
        features: { shape: ['views', patches, expert.featureWidth] },
        maps: { shape: ['views', patches] },
        pixels: { shape: ['views', 3, vision.imageSize, vision.imageSize] },
        prompt: { shape: [1, language.width] },
        use_prompt: { shape: [1] },
      },
      outputs: {
        mask_logits: { shape: ['views', segmenter.size, segmenter.size] },
        type_logits: { shape: [1, segmenter.types.length] },
      },
    });
    return new Segmenter(session, bundle.manifest, segmenter);
  }

  /**
   * Runs the mask decoder.
   * @param prompt H_seg [W], the hidden state at `<seg>`; without it the learned default prompt is used
   * @returns mask logits of every view, and the logits of the defect types
   */
  async run(state: InspectionState, prompt?: Float32Array): Promise<{ mask: ViewGrids; types: Float32Array }> {
    const { vision, expert, language } = this.manifest;
    const views = state.layout.views.length;
    const patches = vision.grid * vision.grid;
    const outputs = await this.session.run({
      features: floatTensor(state.features, [views, patches, expert.featureWidth]),
      maps: floatTensor(state.maps, [views, patches]),
      pixels: floatTensor(state.pixels, [views, 3, vision.imageSize, vision.imageSize]),
      prompt: floatTensor(prompt ?? new Float32Array(language.width), [1, language.width]),
      use_prompt: floatTensor(Float32Array.of(prompt === undefined ? 0 : 1), [1]),
    });
    return {
      mask: { values: floatOutput(outputs, 'mask_logits'), side: this.sizes.size, step: this.sizes.stride },
      types: floatOutput(outputs, 'type_logits'),
    };
  }

  /** The mask decoder's probabilities over the image, at the resolution at which masks are worked on. */
  private async probabilities(
    state: InspectionState,
    prompt?: Float32Array,
  ): Promise<{ map: ProbabilityMap; types: Float32Array }> {
    const { mask, types } = await this.run(state, prompt);
    const { width, height } = state.picture;
    const values = assembleViews(state.layout, mask, { width, height });
    for (let i = 0; i < values.length; i += 1) {
      values[i] = 1 / (1 + Math.exp(-(values[i] ?? 0)));
    }
    return { map: { width, height, values }, types };
  }

  async segment(state: InspectionState, prompt?: Float32Array): Promise<Segmentation> {
    const { map, types } = await this.probabilities(state, prompt);
    return {
      ...extractRegions(map, state.image, this.sizes, prompt !== undefined),
      types: rankTypes(types, this.sizes.types),
    };
  }

  /** Clicks steer the decoder's dense prompt, see docs/decisions/click-to-segment.md. */
  async segmentAt(state: InspectionState, clicks: readonly Click[]): Promise<Mask> {
    const plain = await this.probabilities(state);
    const pressed = await this.probabilities({ ...state, maps: clickPrompt(state, this.manifest.vision, clicks) });
    return regionAtClicks(agreeing(plain.map, pressed.map), state.image, clicks);
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

/** Softmax over the type logits, sorted. */
function rankTypes(logits: Float32Array, names: readonly string[]): Segmentation['types'] {
  const largest = logits.reduce((max, value) => Math.max(max, value), -Infinity);
  const weights = names.map((_, i) => Math.exp((logits[i] ?? -Infinity) - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return names
    .map((type, i) => ({ type, probability: (weights[i] ?? 0) / total }))
    .sort((a, b) => b.probability - a.probability);
}
