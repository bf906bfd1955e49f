import type { Bundle } from '@/lib/engine/bundle';
import { checkpoint } from '@/lib/engine/checkpoint';
import { EngineError } from '@/lib/engine/errors';
import { LruCache } from '@/lib/engine/lru-cache';
import type { Manifest } from '@/lib/engine/manifest';
import { openAll } from '@/lib/engine/open-all';
import { boundSize } from '@/lib/vision/assemble';
import type { DecodedImage } from '@/lib/vision/decode';
import { Encoder, type Encoding } from '@/lib/vision/encoder';
import { layOut, validPatches } from '@/lib/vision/layout';
import { renderViews, resizeRaster } from '@/lib/vision/views';
import { bucketOf } from './calibration';
import type { Comparer } from './comparer';
import { describe } from './descriptor';
import { Expert, type ExpertOutput } from './expert';
import { fuseMaps, fuseScore } from './fusion';
import { toImageMap } from './heatmap';
import { ImageEncoder, type Progress, type TurnedView } from './image-encoder';
import { type Reference, turnReferences } from './orientation';
import { ReferenceBank } from './reference-bank';
import { type Measured, SetBank } from './set-bank';
import { type SetMember, memberOf } from './set-member';
import { Similarity } from './similarity';
import { type InspectionState, stateBytes } from './state';
import type { EncodedImage, EncoderShape } from './view-patches';

/** Masks are worked on at the image's own resolution up to this many pixels, else at a reduced one. */
export const MAX_MASK_PIXELS = 12_000_000;
export const MAX_REFERENCES = 16;
const STATE_CACHE_BYTES = 192 * 2 ** 20;
/** The latest looks without references: the same image compared with other references is not encoded again (24 MB for five views). */
const LOOK_CACHE_BYTES = 64 * 2 ** 20;
const BANK_CACHE_ENTRIES = 2;

export type InspectOptions = {
  /** Images marked normal, at most 16; their order does not matter. */
  references?: readonly DecodedImage[] | undefined;
  /** Compares with the rest of a set instead; such results are not kept. */
  comparer?: Comparer | undefined;
  signal?: AbortSignal | undefined;
  /** Views encoded so far, of all that are to be encoded (references included). */
  onProgress?: ((done: number, total: number) => void) | undefined;
};

/** What an image gives by itself, whatever it is compared with. */
type Look = { encoding: Encoding; output: ExpertOutput };

/** Looks at images: views, encoder, anomaly expert, comparison with references. Keeps the latest results. */
export class Inspector {
  private readonly states = new LruCache<InspectionState>(STATE_CACHE_BYTES, stateBytes);
  private readonly looks = new LruCache<Look>(LOOK_CACHE_BYTES, ({ encoding }) => encoding.levels.byteLength);
  private readonly banks = new LruCache<ReferenceBank>(BANK_CACHE_ENTRIES, () => 1);
  /** Banks that are being built, so that images inspected at the same time do not encode the same references. */
  private readonly building = new Map<string, Promise<ReferenceBank>>();
  private readonly images: ImageEncoder;
  private readonly shape: EncoderShape;

  private constructor(
    private readonly manifest: Manifest,
    private readonly encoder: Encoder,
    private readonly expert: Expert,
    readonly similarity: Similarity,
  ) {
    this.images = new ImageEncoder(encoder, manifest.vision);
    const { levels, grid, width, patch } = manifest.vision;
    this.shape = { levels, grid, width, patch };
  }

  /** @throws EngineError `model_unavailable` naming the file */
  static async open(bundle: Bundle): Promise<Inspector> {
    const [encoder, expert, similarity] = await openAll(
      Encoder.open(bundle),
      Expert.open(bundle),
      Similarity.open(bundle),
    );
    return new Inspector(bundle.manifest, encoder, expert, similarity);
  }

  /**
   * Inspects an image; the same image with the same references is answered from memory.
   * @throws EngineError `invalid_request` for too many references, `cancelled`
   */
  async inspect(image: DecodedImage, options: InspectOptions = {}): Promise<InspectionState> {
    const references = options.references ?? [];
    if (references.length > MAX_REFERENCES) {
      throw new EngineError('invalid_request', `At most ${MAX_REFERENCES} reference images can be compared with.`);
    }
    if (options.comparer !== undefined) {
      return this.look(image, references, options);
    }
    const key = [image, ...references].map(({ sha256 }) => sha256);
    const [own = '', ...others] = key;
    const stateKey = `${own}|${others.sort().join(',')}`;
    const known = this.states.get(stateKey);
    if (known !== undefined) {
      return known;
    }
    const state = await this.look(image, references, options);
    this.states.set(stateKey, state);
    return state;
  }

  private async look(
    image: DecodedImage,
    references: readonly DecodedImage[],
    { comparer, signal, onProgress }: InspectOptions,
  ): Promise<InspectionState> {
    const { vision, calibration } = this.manifest;
    const layout = layOut(image, vision);
    const bankKey = references
      .map(({ sha256 }) => sha256)
      .sort()
      .join(',');
    const known = this.looks.get(image.sha256);
    let total = known === undefined ? layout.views.length : 0;
    let done = 0;
    const progress: Progress = {
      advance: () => onProgress?.((done += 1), total),
      expect: (views) => (total += views),
    };

    let mark = performance.now();
    const lap = () => {
      const passed = performance.now() - mark;
      mark += passed;
      return passed;
    };
    const bank = comparer ?? (await this.bankOf(bankKey, references, signal, progress));
    let referenceMs = lap();
    const pixels = await renderViews(image, layout, vision);
    const viewsMs = lap();
    const encoding = known?.encoding ?? (await this.encoder.encode(pixels, { signal, onView: progress.advance }));
    const encodeMs = lap();
    const output = known?.output ?? (await this.expert.run(encoding, validPatches(layout, vision)));
    this.looks.set(image.sha256, { encoding, output });
    const expertMs = lap();
    const comparison = await bank?.compare({ layout, levels: encoding.levels, sha256: image.sha256 }, signal);
    referenceMs += lap();

    const score = fuseScore(output.score, comparison, calibration);
    const maps = fuseMaps(output.maps, comparison, calibration);
    await checkpoint(signal);
    return {
      image: { width: image.width, height: image.height, sha256: image.sha256 },
      layout,
      score,
      rawScore: output.score,
      bucket: bucketOf(score, calibration),
      significance: output.significance,
      maps,
      map: toImageMap(layout, maps, vision),
      imageTokens: output.imageTokens,
      anomalyTokens: output.anomalyTokens,
      features: output.features,
      descriptor: describe(encoding, maps.subarray(0, vision.grid ** 2), this.shape),
      pixels,
      picture: await resizeRaster(image, boundSize(image, { area: MAX_MASK_PIXELS })),
      referenceCount: references.length,
      timings: { viewsMs, encodeMs, expertMs, referenceMs },
    };
  }

  private async bankOf(
    key: string,
    references: readonly DecodedImage[],
    signal: AbortSignal | undefined,
    progress: Progress,
  ): Promise<ReferenceBank | undefined> {
    if (references.length === 0) {
      return undefined;
    }
    const known = this.banks.get(key);
    if (known !== undefined) {
      return known;
    }
    const another = this.building.get(key);
    if (another !== undefined) {
      // Whoever builds it may be cancelled; then it is built here.
      await another.catch(() => undefined);
      await checkpoint(signal);
      return this.bankOf(key, references, signal, progress);
    }
    const build = this.buildBank(references, signal, progress);
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
    signal: AbortSignal | undefined,
    progress: Progress,
  ): Promise<ReferenceBank> {
    const settings = this.manifest.calibration.reference;
    progress.expect(references.reduce((sum, image) => sum + layOut(image, this.manifest.vision).views.length, 0));
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

  /** Compares a member with the others. @throws EngineError `invalid_request` for fewer than two members, `cancelled` */
  async measure(bank: SetBank, image: DecodedImage, signal?: AbortSignal): Promise<Measured> {
    return bank.measure(await this.encode(image, signal), signal);
  }

  /** An empty sample of a set for mutual scoring. */
  openSetBank(): SetBank {
    return new SetBank(this.similarity, this.shape, this.manifest.calibration.reference);
  }

  async close(): Promise<void> {
    await Promise.all([this.encoder.close(), this.expert.close(), this.similarity.close()]);
  }
}
