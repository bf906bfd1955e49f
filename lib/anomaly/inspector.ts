import type { Bundle } from '@/lib/engine/bundle';
import { sizedCache } from '@/lib/common/sized-cache';
import { boundSize } from '@/lib/vision/assemble';
import type { DecodedImage } from '@/lib/vision/decode';
import { layOut } from '@/lib/vision/layout';
import { resizeRaster } from '@/lib/vision/views';
import type { Comparer } from './comparer';
import { describe } from './descriptor';
import { Expert, type ExpertOutput } from './expert';
import type { ImageMap } from './heatmap';
import type { Progress } from './image-encoder';
import { PartBanks } from './part-banks';
import { NO_PART, type PartsAsked, keyOfParts } from './part-finding';
import { type Look, Scorer, keyOf } from './scorer';
import { type InspectionState, stateBytes } from './state';
import { bucketFor } from './verdict';

/** Masks are worked on at the image's own resolution up to this many pixels, else at a reduced one. */
const MAX_MASK_PIXELS = 12_000_000;
const STATE_CACHE_BYTES = 192 * 2 ** 20;
/**
 * The latest looks without references: the same image compared with other references is not encoded again (33 MB for
 * five views).
 */
const LOOK_CACHE_BYTES = 80 * 2 ** 20;

const lookBytes = ({ encoding, pixels }: Look<ExpertOutput>) => encoding.levels.byteLength + pixels.byteLength;

export type InspectOptions = {
  /** Images marked normal, at most 16; their order does not matter. */
  references?: readonly DecodedImage[] | undefined;
  /** Compares with a part instead, if the image is one of it or it was chosen. */
  parts?: PartsAsked | undefined;
  /** Compares with the rest of a set instead; such results are not kept. */
  comparer?: Comparer | undefined;
  signal?: AbortSignal | undefined;
  /** Views encoded so far, of all that are to be encoded (references included). */
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Given the map of the base view alone, before the tiles are looked at. */
  onGlance?: ((map: ImageMap) => void | Promise<void>) | undefined;
};

/** Looks at images and gives all that the answer, the mask and the page need of them. Keeps the latest results. */
export class Inspector {
  private readonly states = sizedCache<InspectionState>(STATE_CACHE_BYTES, stateBytes);
  private readonly looks = sizedCache<Look<ExpertOutput>>(LOOK_CACHE_BYTES, lookBytes);

  readonly parts: PartBanks<ExpertOutput>;

  private constructor(readonly scorer: Scorer<ExpertOutput>) {
    this.parts = new PartBanks(scorer);
  }

  /** @throws EngineError `model_unavailable` naming the file */
  static async open(bundle: Bundle): Promise<Inspector> {
    return new Inspector(await Scorer.open(bundle, (opened) => Expert.open(opened)));
  }

  /**
   * Inspects an image; the same image with the same references is answered from memory.
   * @throws EngineError `invalid_request` for too many references, `cancelled`
   */
  async inspect(image: DecodedImage, options: InspectOptions = {}): Promise<InspectionState> {
    if (options.comparer !== undefined) {
      return this.look(image, options);
    }
    const stateKey = `${image.sha256}|${keyOf(options.references ?? [])}|${keyOfParts(options.parts)}`;
    const known = this.states.get(stateKey);
    if (known !== undefined) {
      return known;
    }
    const state = await this.look(image, options);
    this.states.set(stateKey, state);
    return state;
  }

  private async look(
    image: DecodedImage,
    { references = [], parts, comparer, signal, onProgress, onGlance }: InspectOptions,
  ): Promise<InspectionState> {
    const { vision, calibration } = this.scorer.manifest;
    const known = this.looks.get(image.sha256);
    let total = known === undefined ? layOut(image, vision).views.length : 0;
    let done = 0;
    const progress: Progress = {
      advance: () => onProgress?.((done += 1), total),
      expect: (views) => (total += views),
    };

    const started = performance.now();
    const bank = comparer ?? (await this.scorer.bankOf(references, { signal, progress }));
    const bankMs = performance.now() - started;
    const look = known ?? (await this.scorer.look(image, { signal, progress, onGlance }));
    this.looks.set(image.sha256, look);
    const looked = performance.now();
    const asked = bank === undefined ? parts : undefined;
    const taught = asked === undefined ? undefined : await this.parts.find(look, asked, signal);
    const { score, judgement, maps, map } = await this.scorer.score(look, bank ?? taught?.comparer, signal);
    const referenceMs = bankMs + performance.now() - looked;
    const { layout, pixels, encoding, output, timings } = look;
    return {
      image: {
        width: image.width,
        height: image.height,
        sha256: image.sha256,
        notes: image.notes,
        range: image.range,
      },
      layout,
      score,
      rawScore: output.score,
      bucket: bucketFor(score, judgement, calibration),
      judgement,
      parts: taught?.found ?? NO_PART,
      significance: output.significance,
      maps,
      map,
      imageTokens: output.imageTokens,
      anomalyTokens: output.anomalyTokens,
      features: output.features,
      descriptor: describe(encoding, maps.subarray(0, vision.grid ** 2), vision),
      pixels,
      picture: await resizeRaster(image, boundSize(image, { area: MAX_MASK_PIXELS })),
      referenceCount: references.length,
      timings:
        known === undefined ? { ...timings, referenceMs } : { viewsMs: 0, encodeMs: 0, expertMs: 0, referenceMs },
    };
  }

  async close(): Promise<void> {
    await this.scorer.close();
  }
}
