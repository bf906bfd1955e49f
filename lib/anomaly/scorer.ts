import type { Bundle } from '@/lib/engine/bundle';
import { checkpoint } from '@/lib/engine/checkpoint';
import { EngineError } from '@/lib/engine/errors';
import { LRUCache } from 'lru-cache';
import type { Manifest } from '@/lib/engine/manifest';
import { openAll } from '@/lib/engine/open-all';
import type { DecodedImage } from '@/lib/vision/decode';
import { Encoder, type Encoding } from '@/lib/vision/encoder';
import { type Layout, layOut, validPatches } from '@/lib/vision/layout';
import { renderViews } from '@/lib/vision/views';
import type { Comparer } from './comparer';
import { type Expert, type ExpertScores } from './expert';
import { fuseMaps, fuseScore } from './fusion';
import { type ImageMap, toImageMap } from './heatmap';
import { ImageEncoder, type Progress, type TurnedView } from './image-encoder';
import { type Reference, turnReferences } from './orientation';
import type { BankTools } from './part-bank';
import { lookOf, turnedViews } from './part-looks';
import { type KeepOptions, type PartSample, keepPatches } from './part-sample';
import { ReferenceBank } from './reference-bank';
import { type Measured, SetBank } from './set-bank';
import { type SetMember, memberOf } from './set-member';
import { Similarity } from './similarity';
import { type Judgement } from '@/lib/contract/verdict';
import { ZERO_SHOT, judge } from './verdict';
import type { EncodedImage, EncoderShape } from './view-patches';

export const MAX_REFERENCES = 16;
const BANK_CACHE_ENTRIES = 2;

export type ScoreOptions = { signal?: AbortSignal | undefined; progress?: Progress | undefined };

/**
 * `onGlance` is given the map of the base view alone as soon as there is one, of an image that has tiles too: the map
 * only, since the score is that of all views.
 */
export type LookOptions = ScoreOptions & { onGlance?: ((map: ImageMap) => void | Promise<void>) | undefined };

/**
 * Longer side of a glance's map, px: the base view has 28 patches a side, and the map is sent along with the progress.
 */
const GLANCE_SIDE = 112;

/** What an image gives by itself, whatever it is compared with. */
export type Look<Output extends ExpertScores> = {
  sha256: string;
  layout: Layout;
  /** Encoder input [V,3,S,S]. */
  pixels: Float32Array;
  encoding: Encoding;
  output: Output;
  timings: { viewsMs: number; encodeMs: number; expertMs: number };
};

/** What of a look is scored. */
export type Scorable = Pick<Look<ExpertScores>, 'sha256' | 'layout' | 'output'> & {
  encoding: Pick<Encoding, 'levels'>;
};

/**
 * Calibrated, and fused with the comparison where there is one: score 0..1 with the verdict that it means, maps [V,P],
 * and the same over the image.
 */
export type Scores = { score: number; judgement: Judgement; maps: Float32Array; map: ImageMap };

/**
 * Scores images: views, encoder, anomaly expert, comparison with references or with a set. Keeps the latest references.
 */
export class Scorer<Output extends ExpertScores> {
  private readonly banks = new LRUCache<string, ReferenceBank>({ max: BANK_CACHE_ENTRIES });
  /** Banks that are being built, so that images inspected at the same time do not encode the same references. */
  private readonly building = new Map<string, Promise<ReferenceBank>>();
  private readonly images: ImageEncoder;
  readonly shape: EncoderShape;

  private constructor(
    readonly manifest: Manifest,
    private readonly encoder: Encoder,
    private readonly expert: Expert<Output>,
    readonly similarity: Similarity,
  ) {
    this.images = new ImageEncoder(encoder, manifest.vision);
    const { levels, grid, width, patch } = manifest.vision;
    this.shape = { levels, grid, width, patch };
  }

  /**
   * @param openExpert `Expert.open`, or `Expert.openScores` where nobody asks for tokens and features
   * @throws EngineError `model_unavailable` naming the file
   */
  static async open<Output extends ExpertScores>(
    bundle: Bundle,
    openExpert: (bundle: Bundle) => Promise<Expert<Output>>,
  ): Promise<Scorer<Output>> {
    const [encoder, expert, similarity] = await openAll(
      Encoder.open(bundle),
      openExpert(bundle),
      Similarity.open(bundle),
    );
    return new Scorer(bundle.manifest, encoder, expert, similarity);
  }

  /** Looks at an image by itself. @throws EngineError `cancelled` */
  async look(image: DecodedImage, { signal, progress, onGlance }: LookOptions = {}): Promise<Look<Output>> {
    const { vision } = this.manifest;
    const started = performance.now();
    const layout = layOut(image, vision);
    const pixels = await renderViews(image, layout, vision);
    const rendered = performance.now();
    const encoding = await this.encoder.encode(pixels, {
      signal,
      onView: async (done, total, soFar) => {
        progress?.advance();
        if (done === 1 && total > 1) {
          await onGlance?.(await this.glance(layout, soFar));
        }
      },
    });
    const encoded = performance.now();
    const output = await this.expert.run(encoding, validPatches(layout, vision));
    const timings = {
      viewsMs: rendered - started,
      encodeMs: encoded - rendered,
      expertMs: performance.now() - encoded,
    };
    return { sha256: image.sha256, layout, pixels, encoding, output, timings };
  }

  /** What the base view alone shows: the map of a look before there are tiles. */
  private async glance(layout: Layout, base: Encoding): Promise<ImageMap> {
    const { vision } = this.manifest;
    const alone = { ...layout, columns: 0, rows: 0, views: layout.views.slice(0, 1) };
    const { maps } = await this.expert.run(base, validPatches(alone, vision));
    return toImageMap(alone, maps, vision, GLANCE_SIDE);
  }

  /** The scores of a look, beside `comparer` if there is one. @throws EngineError `cancelled` */
  async score(look: Scorable, comparer: Comparer | undefined, signal?: AbortSignal): Promise<Scores> {
    const { layout, encoding, output, sha256 } = look;
    const { vision, calibration } = this.manifest;
    const comparison = await comparer?.compare({ layout, levels: encoding.levels, sha256 }, signal);
    const maps = fuseMaps(output.maps, comparison, calibration);
    await checkpoint(signal);
    const score = fuseScore(output.score, comparison, calibration);
    const judgement = judge(score, comparer?.basis ?? ZERO_SHOT, output.foreign, calibration, comparer?.threshold);
    return { score, judgement, maps, map: toImageMap(layout, maps, vision) };
  }

  /**
   * What images are compared with, undefined without references. Their order does not matter.
   * @param references images marked normal, at most 16
   * @throws EngineError `invalid_request` for too many references, `cancelled`
   */
  async bankOf(
    references: readonly DecodedImage[],
    { signal, progress }: ScoreOptions = {},
  ): Promise<ReferenceBank | undefined> {
    if (references.length > MAX_REFERENCES) {
      throw new EngineError('invalid_request', `At most ${MAX_REFERENCES} reference images can be compared with.`);
    }
    if (references.length === 0) {
      return undefined;
    }
    const key = keyOf(references);
    const known = this.banks.get(key);
    if (known !== undefined) {
      return known;
    }
    const another = this.building.get(key);
    if (another !== undefined) {
      // Whoever builds it may be cancelled; then it is built here.
      await another.catch(() => undefined);
      await checkpoint(signal);
      return this.bankOf(references, { signal, progress });
    }
    const build = this.buildBank(references, { signal, progress });
    this.building.set(key, build);
    try {
      const bank = await build;
      this.banks.set(key, bank);
      return bank;
    } finally {
      this.building.delete(key);
    }
  }

  private async buildBank(
    references: readonly DecodedImage[],
    { signal, progress }: ScoreOptions,
  ): Promise<ReferenceBank> {
    const settings = this.manifest.calibration.reference;
    progress?.expect(references.reduce((sum, image) => sum + layOut(image, this.manifest.vision).views.length, 0));
    const encoded: Reference[] = [];
    for (const image of references) {
      const options = { signal, progress };
      const encodeTurned = (views: readonly TurnedView[]) => this.images.encodeTurned(image, views, options);
      encoded.push({ given: await this.images.encode(image, options), encodeTurned });
    }
    const turned = turnReferences(encoded, this.similarity, this.shape, settings, signal);
    return ReferenceBank.build(turned, this.similarity, this.shape, settings, signal);
  }

  /** The layout and hidden states of an image alone, as comparisons need them. @throws EngineError `cancelled` */
  async encode(image: DecodedImage, signal?: AbortSignal): Promise<EncodedImage & { sha256: string }> {
    return { ...(await this.images.encode(image, { signal })), sha256: image.sha256 };
  }

  /** What an image gives to be compared with in mutual scoring. @throws EngineError `cancelled` */
  async memberOf(image: DecodedImage, signal?: AbortSignal): Promise<SetMember> {
    return memberOf(await this.encode(image, signal), this.shape);
  }

  /**
   * Compares a member with the others. @throws EngineError `invalid_request` for fewer than two members, `cancelled`
   */
  async measure(bank: SetBank, image: DecodedImage, signal?: AbortSignal): Promise<Measured> {
    return bank.measure(await this.encode(image, signal), signal);
  }

  /** What is compared with parts. */
  get tools(): BankTools {
    return { similarity: this.similarity, shape: this.shape, settings: this.manifest.calibration.reference };
  }

  /**
   * What is kept of a golden sample of a part.
   * @param turned also describe it turned and scaled, so that it is recognised that way
   * @throws EngineError `cancelled`
   */
  async sampleOf(
    image: DecodedImage,
    { turned, ...keep }: KeepOptions & { turned: boolean },
  ): Promise<Omit<PartSample, 'key'>> {
    const { signal } = keep;
    const look = await this.look(image, { signal });
    const { encoding, output, pixels } = look;
    const kinds = await this.patchesOf(look, keep);
    const { width } = this.shape;
    const looks = [lookOf(encoding.cls.slice(0, width))];
    for (const view of turned ? await turnedViews(image, pixels, this.manifest.vision) : []) {
      const { cls } = await this.encoder.encode(view, { signal });
      looks.push(lookOf(cls));
    }
    return { rawScore: output.score, kinds, looks };
  }

  /** What is kept of the patches of a look, for a bank. @throws EngineError `cancelled` */
  async patchesOf({ layout, encoding }: Look<Output>, keep: KeepOptions): Promise<PartSample['kinds']> {
    return keepPatches({ layout, levels: encoding.levels }, this.tools, keep);
  }

  /** An empty sample of a set for mutual scoring. */
  openSetBank(): SetBank {
    return new SetBank(this.similarity, this.shape, this.manifest.calibration.reference);
  }

  async close(): Promise<void> {
    await Promise.all([this.encoder.close(), this.expert.close(), this.similarity.close()]);
  }
}

/** Names a set of references, in whatever order they come. */
export function keyOf(references: readonly DecodedImage[]): string {
  return references
    .map(({ sha256 }) => sha256)
    .sort()
    .join(',');
}
