import { z } from 'zod';
import { newId } from '@/lib/contract/ids';
import { rleSchema } from '@/lib/contract/parts';
import { sourceOf } from '@/lib/images/image-source';
import { storeInspection } from '@/lib/images/store-inspection';
import {
  type BatchJobRow,
  changeBatchJob,
  getBatchJob,
  listBankCandidates,
  listCategories,
  nextItems,
  type NewResult,
  type ScanItem,
  storeResult,
} from '@/lib/database/batch-jobs';
import { findImages } from '@/lib/database/images';
import { MAX_SET_BANK } from '@/lib/anomaly/set-bank';
import { EngineError, isOfTheImage } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { queueKey } from '@/lib/engine/rounds';
import type { Engine } from '@/lib/engine/worker/client';
import type { Scan } from '@/lib/engine/worker/operations';
import type { ImageSource } from '@/lib/turn/perception';
import { createMask, listInspectionMasks } from '@/lib/database/masks';
import { placeOfRle } from '@/lib/segmentation/describe';
import { settle } from './settle';

const PAGE = 64;
/** So many images labelled normal are enough to compare with them alone. */
const ENOUGH_NORMAL = 8;

type Options = {
  engine: Engine;
  signal: AbortSignal;
  onProgress?: ((done: number, total: number) => void) | undefined;
};

/**
 * Inspects the items of a set that the job has no result for, then settles the numbers over the whole set. Every result
 * is stored at once, so a job can be stopped at any moment and taken up again.
 *
 * @param signal aborts the inspection at hand; the job's row stays as it is
 * @throws what made it fail, after the row says so; the signal's reason
 */
export async function runBatch(id: string, options: Options): Promise<void> {
  const { engine, signal, onProgress } = options;
  const job = await getBatchJob(id);
  if (job === null) {
    throw new EngineError('not_found', 'There is no such batch inspection.');
  }
  try {
    const { bundle } = await engine.load();
    await changeBatchJob(id, { state: 'running', error: null, bundle });
    const references = await locateReferences(job);
    let handled = job.done + job.failed;
    for (const category of await listCategories(job.datasetId)) {
      const scanner = new CategoryScanner(job, category, references, options);
      for (
        let items = await nextItems(job, category, PAGE);
        items.length > 0;
        items = await nextItems(job, category, PAGE)
      ) {
        for (const item of items) {
          signal.throwIfAborted();
          await scanner.handle(item, bundle);
          handled += 1;
          onProgress?.(handled, Math.max(job.total, handled));
        }
      }
    }
    await settle({ ...job, bundle });
    await changeBatchJob(id, { state: 'done', total: handled, finishedAt: new Date() });
  } catch (error) {
    signal.throwIfAborted();
    await changeBatchJob(id, { state: 'failed', error: messageOf(error), finishedAt: new Date() });
    throw error;
  }
}

async function locateReferences(job: BatchJobRow): Promise<{ id: string; sha256: string; source: ImageSource }[]> {
  const ids = z.array(z.string()).parse(job.referenceIds);
  const rows = await findImages({ userId: job.ownerId }, ids);
  return Promise.all(rows.map(async (row) => ({ id: row.id, sha256: row.sha256, source: await sourceOf(row) })));
}

/** Inspects the items of one category; mutual scoring compares within it. */
class CategoryScanner {
  private bank: string | undefined;

  constructor(
    private readonly job: BatchJobRow,
    private readonly category: string | null,
    private readonly references: readonly { id: string; sha256: string; source: ImageSource }[],
    private readonly options: Options,
  ) {}

  async handle(item: ScanItem, bundle: string): Promise<void> {
    const started = performance.now();
    const base = { itemId: item.id };
    let result: NewResult;
    let scan: Scan | undefined;
    try {
      scan = await this.scan(item);
      result = { ...base, ...(await this.store(item, scan)) };
    } catch (error) {
      this.options.signal.throwIfAborted();
      if (!isOfTheImage(error)) {
        throw error;
      }
      result = { ...base, error: error.message };
    }
    const activeMs = Math.round(performance.now() - started);
    const vector = scan === undefined ? null : toBytes(scan.descriptor);
    await storeResult(this.job.id, result, { bundle, imageId: item.imageId, vector, activeMs });
  }

  private async scan(item: ScanItem): Promise<Scan> {
    const { engine, signal } = this.options;
    const image = await sourceOf(item.image);
    const annotation = item.mask === null ? undefined : rleSchema.parse(item.mask.rle);
    const common = { image, ...(annotation !== undefined && { annotation }) };
    const call = { key: queueKey(this.job.ownerId, `batch ${this.job.id}`), signal };
    if (this.job.mode !== 'mutual') {
      const references = this.references.filter(
        ({ id, sha256 }) => id !== item.imageId && sha256 !== item.image.sha256,
      );
      return engine.scan({ ...common, references: references.map(({ source }) => source) }, call);
    }
    this.bank ??= await this.buildBank();
    if (this.bank === '') {
      return engine.scan(common, call);
    }
    try {
      return await engine.scan({ ...common, bank: this.bank }, call);
    } catch (error) {
      // The engine's thread was started again, or another set took the place.
      if (error instanceof EngineError && error.code === 'invalid_request') {
        this.bank = await this.buildBank();
        return engine.scan({ ...common, bank: this.bank }, call);
      }
      throw error;
    }
  }

  /**
   * Samples the category in the engine, in short steps between which chats are answered. Empty: too few images to
   * compare.
   */
  private async buildBank(): Promise<string> {
    const { engine, signal } = this.options;
    const call = { key: queueKey(this.job.ownerId, `batch ${this.job.id}`), signal };
    const normal = await listBankCandidates(this.job.datasetId, this.category, {
      onlyNormal: true,
      limit: MAX_SET_BANK,
    });
    const chosen =
      normal.length >= ENOUGH_NORMAL
        ? normal
        : await listBankCandidates(this.job.datasetId, this.category, { onlyNormal: false, limit: MAX_SET_BANK });
    const bank = `${this.job.id} ${this.category ?? ''}`;
    let size = 0;
    const members: ImageSource[] = [];
    for (const entry of new Map(chosen.map((candidate) => [candidate.sha256, candidate])).values()) {
      try {
        const image = await sourceOf(entry);
        ({ size } = await engine.bankAdd({ bank, image, first: size === 0 }, call));
        members.push(image);
      } catch (error) {
        signal.throwIfAborted();
        if (!isOfTheImage(error)) {
          throw error;
        }
      }
    }
    if (size < 2) {
      return '';
    }
    for (const image of members) {
      await engine.bankMeasure({ bank, image }, call);
    }
    return bank;
  }

  /**
   * Keeps the inspection and its masks. One of mutual scoring holds within its set and batch only, and is kept apart
   * from those that somebody asks for.
   */
  private async store(item: ScanItem, { inspection, agreement }: Scan): Promise<Omit<NewResult, 'itemId'>> {
    const { score, verdict, probability, foreignness, basis, types, regions } = inspection;
    const isMutual = this.job.mode === 'mutual';
    const referenceIds = this.references.map(({ id }) => id).filter((id) => id !== item.imageId);
    const placed = regions.map((region) => ({ ...region, place: placeOfRle(region.rle) }));
    const stored = await storeInspection(
      item.imageId,
      isMutual ? [] : referenceIds,
      { ...inspection, regions: placed },
      isMutual ? `batch ${this.job.id}` : undefined,
    );
    const { inspectionId } = stored;
    const label = types[0]?.type ?? 'anomaly';
    if ((await listInspectionMasks(inspectionId)).length === 0) {
      for (const { rle, bbox, areaFraction, score: certainty } of regions) {
        const shape = { rle, bbox, areaFraction, label, score: certainty, source: 'model' as const };
        await createMask({ id: newId(), imageId: item.imageId, inspectionId, ...shape });
      }
    }
    return {
      score,
      judgement: { verdict, probability, foreignness, basis },
      inspectionId,
      type: regions.length > 0 ? label : null,
      maskIou: agreement?.iou ?? null,
      inside: agreement?.inside ?? null,
      outside: agreement?.outside ?? null,
      agreement: agreement?.placement ?? null,
    };
  }
}

/** Both parts of a descriptor, one after the other, as little-endian float32. */
function toBytes({ image, suspect }: Scan['descriptor']): Uint8Array<ArrayBuffer> {
  const joined = new Float32Array(image.length + suspect.length);
  joined.set(image);
  joined.set(suspect, image.length);
  return new Uint8Array(joined.buffer);
}
