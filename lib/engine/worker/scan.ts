import type { ImageMap } from '@/lib/anomaly/heatmap';
import type { SetBank } from '@/lib/anomaly/set-bank';
import { EngineError } from '@/lib/engine/errors';
import { type Mask } from '@/lib/segmentation/mask';
import { resizeMask } from '@/lib/segmentation/reduce-mask';
import { placementOf } from '@/lib/segmentation/placement';
import { decodeRle } from '@/lib/segmentation/rle';
import { describeState } from './inspect';
import { loadImage } from './load-image';
import type { Models } from './models';
import type { ImageSource } from '@/lib/turn/perception';
import type { AnnotatedMask, InspectEvent, MaskAgreement, Scan, ScanRequest } from './operations';

/** Samples of sets that are kept; a set has one per category, and they are worked on one after the other. */
const KEPT_BANKS = 2;

/** Inspects the images of sets, and keeps the samples that they are compared with. */
export class SetScanner {
  private readonly banks = new Map<string, SetBank>();

  constructor(private readonly models: Models) {}

  /** Adds an image to a sample and returns the sample's size. */
  async add(
    { bank: key, image, first }: { bank: string; image: ImageSource; first: boolean },
    signal: AbortSignal,
  ): Promise<number> {
    if (first) {
      this.banks.delete(key);
      this.banks.set(key, this.models.inspector.scorer.openSetBank());
      for (const oldest of [...this.banks.keys()].slice(0, Math.max(0, this.banks.size - KEPT_BANKS))) {
        this.banks.delete(oldest);
      }
    }
    const bank = this.find(key);
    const decoded = await loadImage(image);
    bank.add(await this.models.inspector.scorer.memberOf(decoded, signal));
    return bank.size;
  }

  /** Compares a member with the others. */
  async measure({ bank: key, image }: { bank: string; image: ImageSource }, signal: AbortSignal): Promise<void> {
    const bank = this.find(key);
    bank.take(await this.models.inspector.scorer.measure(bank, await loadImage(image), signal));
  }

  /** @throws EngineError `invalid_request` without the sample, and what reading the image throws */
  async scan(
    { image: source, references = [], bank: key, annotation }: ScanRequest,
    { signal, emit }: { signal: AbortSignal; emit: (event: InspectEvent) => void },
  ): Promise<Scan> {
    const started = performance.now();
    const bank = key === undefined ? undefined : this.find(key);
    if (bank?.isReady === false) {
      throw new EngineError('invalid_request', 'The sample of the set is not complete: add it again.');
    }
    const image = await loadImage(source);
    const others = [];
    for (const reference of references) {
      others.push(await loadImage(reference));
    }
    const decodeMs = performance.now() - started;
    const state = await this.models.inspector.inspect(image, {
      references: others.filter(({ sha256 }) => sha256 !== image.sha256),
      comparer: bank,
      signal,
      onProgress: (done, total) => emit({ stage: 'looking', done, total }),
    });
    const inspection = await describeState(this.models, state, { decodeMs, started });
    const agreement = annotation === undefined ? null : agreementOf(annotation, state.map, inspection.regions);
    return { inspection, descriptor: state.descriptor, agreement };
  }

  private find(key: string): SetBank {
    const bank = this.banks.get(key);
    if (bank === undefined) {
      throw new EngineError('invalid_request', 'The sample of the set is not in memory: add it again.');
    }
    return bank;
  }
}

/** Compares an annotated mask with the anomaly map and with the model's regions. */
function agreementOf(
  annotation: AnnotatedMask,
  map: ImageMap,
  regions: readonly { rle: AnnotatedMask }[],
): MaskAgreement | null {
  const full = decodeRle(annotation);
  const mask = resizeMask(full, map.width, map.height);
  const sums = { inside: 0, outside: 0 };
  const sizes = { inside: 0, outside: 0 };
  map.values.forEach((value, i) => {
    const side = mask.data[i] === 1 ? 'inside' : 'outside';
    sums[side] += value;
    sizes[side] += 1;
  });
  if (sizes.inside === 0 || sizes.outside === 0) {
    return null;
  }
  return {
    inside: sums.inside / sizes.inside,
    outside: sums.outside / sizes.outside,
    placement: placementOf(mask, map.values),
    iou: overlap(full, regions),
  };
}

function overlap(annotated: Mask, regions: readonly { rle: AnnotatedMask }[]): number {
  const seen = new Uint8Array(annotated.data.length);
  for (const { rle } of regions) {
    const region = decodeRle(rle);
    if (region.data.length !== seen.length) {
      return 0;
    }
    region.data.forEach((value, i) => {
      seen[i] = (seen[i] ?? 0) | value;
    });
  }
  let [both, either] = [0, 0];
  annotated.data.forEach((value, i) => {
    both += value & (seen[i] ?? 0);
    either += value | (seen[i] ?? 0);
  });
  return either === 0 ? 0 : both / either;
}
