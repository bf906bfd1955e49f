import { createHash } from 'node:crypto';
import { inspectionPartSchema, limits, type Rle, type SheetItem, type SheetPart } from '@/lib/contract';
import { sortItems } from '@/lib/contract/sheet-text';
import { sourceOf, windowOf } from '@/lib/images/image-source';
import { storeMasks } from '@/lib/assistant/inspections/inspect-image';
import { storeInspection } from '@/lib/images/store-inspection';
import type { ImageRow } from '@/lib/database/images';
import { findInspectionOf } from '@/lib/database/inspections';
import { listInspectionMasks } from '@/lib/database/masks';
import type { Owner } from '@/lib/database/owner';
import type { PartsAsked } from '@/lib/anomaly/part-finding';
import type { Engine } from '@/lib/engine/worker/client';
import { type SetJudgement, type SetProgress, judgeEach, judgeTogether } from '@/lib/engine/worker/judge-together';
import { askForParts, type PartWish } from '@/lib/parts/ask';
import { placeOfRle } from '@/lib/segmentation/describe';
import { maskOutline } from '@/lib/segmentation/mask-outline';
import { nearestOf, toPayload } from '@/lib/images/frozen-payload';

/** Longer side of the grid that a thumbnail's outline is traced on. */
const OUTLINE_SIDE = 160;

type Wish = {
  images: readonly ImageRow[];
  /** Normal images to compare each with. */
  references: readonly ImageRow[];
  part: PartWish;
};
type Options = { key: string; signal: AbortSignal; onProgress: (progress: SetProgress) => void };

/**
 * What an image is judged beside, and under which name its inspection is kept: the same images judged the same way are
 * not judged again.
 */
type Way = { within: string; beside: { references: ImageRow[]; parts: PartsAsked | undefined } | null };

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

/** The part that the first and the middle image are both recognised as: then it is known better than the set. */
async function recognised(
  owner: Owner,
  engine: Engine,
  images: readonly ImageRow[],
  call: Pick<Options, 'key' | 'signal'>,
): Promise<PartsAsked | undefined> {
  const parts = await askForParts(owner, 'auto', engine);
  if (parts === undefined) {
    return undefined;
  }
  const found: string[] = [];
  for (const image of [images[0], images[Math.floor(images.length / 2)]]) {
    const seen = image && (await engine.inspect({ image: await sourceOf(image), parts }, call));
    found.push(seen?.parts?.part?.id ?? '');
  }
  const candidates = parts.candidates.filter(({ id }) => found.every((each) => each === id));
  return candidates.length === 1 ? { candidates, chosen: true } : undefined;
}

async function wayOf(owner: Owner, engine: Engine, wish: Wish, call: Pick<Options, 'key' | 'signal'>): Promise<Way> {
  const { images, references, part } = wish;
  const members = images.map(({ sha256, low, high }) => [sha256, low, high].join()).sort();
  if (references.length > 0) {
    const beside = { references: [...references], parts: undefined };
    return { within: `set ${hashOf([members, references.map(({ id }) => id).sort()])}`, beside };
  }
  const parts =
    part === 'none'
      ? undefined
      : part === 'auto'
        ? await recognised(owner, engine, images, call)
        : await askForParts(owner, part, engine);
  const beside = parts === undefined ? null : { references: [], parts };
  return { within: `set ${hashOf([members, parts ?? null])}`, beside };
}

/** An item from what is stored under the set's name; null where it is not. */
async function findItem(image: ImageRow, within: string, bundle: string): Promise<SheetItem | null> {
  const row = await findInspectionOf(image.id, bundle, { referenceIds: [within], window: windowOf(image) });
  const parsed = inspectionPartSchema.safeParse(row?.payload);
  if (row === null || !parsed.success) {
    return null;
  }
  const masks = await listInspectionMasks(row.id);
  return masks.length === parsed.data.regions.length
    ? toItem(
        { ...parsed.data, inspectionId: row.id, nearestId: nearestOf(row.payload) },
        masks.map(({ rle, label }) => ({ rle: rle as Rle, label })),
      )
    : null;
}

function toItem(
  inspection: Pick<SheetItem, Exclude<keyof SheetItem, 'type' | 'outline'>>,
  masks: readonly { rle: Rle; label: string }[],
): SheetItem {
  const { imageId, inspectionId, nearestId, score, bucket, verdict, probability, foreignness, basis } = inspection;
  return {
    ...{ imageId, inspectionId, nearestId, score, bucket, verdict, probability, foreignness, basis },
    type: masks[0]?.label ?? null,
    outline: maskOutline(masks, OUTLINE_SIDE),
  };
}

async function storeItem(
  image: ImageRow,
  { inspection: seen, frozen, nearest }: Extract<SetJudgement, { inspection: unknown }>,
  { within, beside }: Way,
): Promise<SheetItem> {
  const regions = seen.regions.map((region) => ({ ...region, place: placeOfRle(region.rle) }));
  const referenceIds = beside?.references.map(({ id }) => id) ?? [];
  const extra = { ...(frozen !== null && { frozen: toPayload(frozen) }), ...(nearest !== null && { nearest }) };
  const inspection = await storeInspection(image.id, referenceIds, { ...seen, regions }, within, extra);
  const known = await listInspectionMasks(inspection.inspectionId);
  const masks =
    known.length > 0 ? known.map(({ rle, label }) => ({ rle: rle as Rle, label })) : await storeMasks(inspection, seen);
  return toItem({ ...inspection, nearestId: nearest }, masks);
}

/** Whether a question about so many images is answered as a set. */
export const isSet = (images: number): boolean => images >= limits.set;

/**
 * Judges the images of a question as a set and keeps each inspection: beside references or a part where there are any,
 * else among each other.
 * @throws AppError not_found, conflict for a chosen part; EngineError as `judgeTogether`
 */
export async function judgeSet(owner: Owner, engine: Engine, wish: Wish, options: Options): Promise<SheetPart> {
  const { onProgress, ...call } = options;
  const { images } = wish;
  onProgress({ stage: 'images', done: 0, total: images.length });
  const { bundle } = engine.status().info ?? (await engine.load());
  const way = await wayOf(owner, engine, wish, call);
  const stored: SheetItem[] = [];
  for (const image of images) {
    const item = await findItem(image, way.within, bundle);
    stored.push(...(item === null ? [] : [item]));
  }
  if (stored.length === images.length) {
    return toSheet(stored, []);
  }
  const asked = await Promise.all(images.map(async (image) => ({ key: image.id, image: await sourceOf(image) })));
  const judged =
    way.beside === null
      ? await judgeTogether(engine, asked, options)
      : await judgeEach(
          engine,
          asked,
          { references: await Promise.all(way.beside.references.map(sourceOf)), parts: way.beside.parts },
          options,
        );
  const paths = new Map(asked.map(({ key, image }) => [key, 'path' in image ? image.path : undefined]));
  const rows = new Map(images.map((image) => [image.id, image]));
  const items: SheetItem[] = [];
  const failed: SheetPart['failed'] = [];
  for (const judgement of judged) {
    const image = rows.get(judgement.key);
    if ('error' in judgement) {
      // The engine names files by their path in the storage.
      const path = paths.get(judgement.key);
      const reason =
        path === undefined
          ? judgement.error
          : judgement.error.replaceAll(`${path}: `, '').replaceAll(path, image?.name ?? '');
      failed.push({ imageId: judgement.key, reason });
    } else if (image !== undefined) {
      items.push(await storeItem(image, judgement, way));
    }
  }
  return toSheet(items, failed);
}

function toSheet(found: readonly SheetItem[], failed: SheetPart['failed']): SheetPart {
  const items = sortItems(found);
  return { items, failed, subjectId: items[0]?.imageId ?? null };
}
