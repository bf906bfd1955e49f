import {
  inspectionPartSchema,
  newId,
  type Finding,
  type InspectRequest,
  type InspectResponse,
  type InspectionPart,
  type MaskPart,
  type Rle,
  type StatusPart,
} from '@/lib/contract';
import { nameType } from '@/lib/turn/finding';
import { noticeOf } from '@/lib/turn/notice';
import { sourceOf, windowOf } from '@/lib/images/image-source';
import { findImages, type ImageRow } from '@/lib/database/images';
import { findInspection, findInspectionOf, type InspectionRow } from '@/lib/database/inspections';
import { createMask, listInspectionMasks } from '@/lib/database/masks';
import type { Owner } from '@/lib/database/owner';
import { queueKey } from '@/lib/engine/rounds';
import { getEngine } from '@/lib/engine/worker/client';
import type { Inspection } from '@/lib/turn/perception';
import { AppError, notFound } from '@/lib/http/app-error';
import { servedPlaybook, severityOf } from '@/lib/knowledge';
import { askForParts, keyOfWish, toPartWish } from '@/lib/parts/ask';
import { placeOfRle } from '@/lib/segmentation/describe';
import { storeInspection } from '@/lib/images/store-inspection';

async function findAll(owner: Owner, ids: string[]): Promise<ImageRow[]> {
  const rows = new Map((await findImages(owner, ids)).map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = rows.get(id);
    if (row === undefined) {
      throw notFound('image');
    }
    return row;
  });
}

async function toFindings(inspection: InspectionPart, masks: readonly MaskPart[]): Promise<Finding[]> {
  const words = await servedPlaybook();
  return inspection.regions.map((region, index): Finding => {
    const type = masks[index]?.label ?? 'unknown';
    const extentPercent = region.areaFraction * 100;
    const { id: regionId, place, areaPx, bbox, score } = region;
    const severity = severityOf(words, { defect: type, extentPercent, count: 1 });
    return { regionId, type, place, extentPercent, areaPx, bbox, severity, score };
  });
}

/** The findings of an inspection that is not stored: one per region, named and weighed as those of stored ones. */
export async function findingsOf(seen: Inspection): Promise<Finding[]> {
  const words = await servedPlaybook();
  const type = nameType(words, seen.types);
  return seen.regions.map(({ id: regionId, areaFraction, areaPx, bbox, score, rle }): Finding => {
    const extentPercent = areaFraction * 100;
    const severity = severityOf(words, { defect: type, extentPercent, count: 1 });
    return { regionId, type, place: placeOfRle(rle), extentPercent, areaPx, bbox, severity, score };
  });
}

/** Keeps what an inspection marked, under the name of what it likely is. */
export async function storeMasks(inspection: InspectionPart, seen: Inspection): Promise<MaskPart[]> {
  const label = nameType(await servedPlaybook(), seen.types);
  const masks: MaskPart[] = [];
  for (const { rle, bbox, areaFraction, score } of seen.regions) {
    const { imageId } = inspection;
    const mask: MaskPart = { imageId, maskId: newId(), rle, bbox, areaFraction, label, score, source: 'model' };
    const { maskId: id, ...row } = mask;
    await createMask({ id, inspectionId: inspection.inspectionId, ...row });
    masks.push(mask);
  }
  return masks;
}

async function toResponse(inspection: InspectionPart, masks: MaskPart[]): Promise<InspectResponse> {
  const { imageId } = inspection;
  const findings = { imageId, items: await toFindings(inspection, masks) };
  return { inspection, findings, masks, notice: noticeOf(imageId, inspection) };
}

/** What this bundle saw before, if its masks were stored too. */
async function findStored(image: ImageRow, bundle: string, referenceIds: string[]): Promise<InspectResponse | null> {
  const row = await findInspectionOf(image.id, bundle, { referenceIds, window: windowOf(image) });
  return row === null ? null : responseOf(row);
}

/**
 * A stored inspection with its masks and findings.
 * @throws AppError not_found, where the caller may not look at its image either
 */
export async function readInspection(owner: Owner, id: string): Promise<InspectResponse> {
  const row = await findInspection(owner, id);
  const response = row === null ? null : await responseOf(row);
  if (response === null) {
    throw notFound('inspection');
  }
  return response;
}

/** Null where its masks were not stored with it, or an earlier version stored it in another form. */
async function responseOf(row: InspectionRow): Promise<InspectResponse | null> {
  const { imageId } = row;
  const parsed = inspectionPartSchema.safeParse(row.payload);
  if (!parsed.success) {
    return null;
  }
  const inspection = { ...parsed.data, inspectionId: row.id };
  const masks = (await listInspectionMasks(row.id)).map(({ id, areaFraction, label, score, rle, bbox }): MaskPart => ({
    imageId,
    maskId: id,
    rle: rle as Rle,
    bbox: bbox as MaskPart['bbox'],
    areaFraction,
    label,
    score,
    source: 'model',
  }));
  if (masks.length !== inspection.regions.length) {
    return null;
  }
  return toResponse(inspection, masks);
}

/**
 * Inspects an image without a conversation: score, map, and per region a mask and a finding. What the same bundle saw
 * before is read from the database. `onStatus` hears the place in the queue and how many views of the image are done.
 * @throws AppError not_found, invalid_request; EngineError for a full queue, a missing model, cancellation
 */
export async function inspectImage(
  owner: Owner,
  { imageId, referenceIds = [], part: wish = 'none' }: InspectRequest,
  signal: AbortSignal,
  onStatus?: (status: StatusPart) => void,
): Promise<InspectResponse> {
  if (referenceIds.includes(imageId)) {
    throw new AppError('invalid_request', 'An image cannot be its own reference: choose other normal images');
  }
  const [image, ...references] = await findAll(owner, [imageId, ...new Set(referenceIds)]);
  if (image === undefined) {
    throw notFound('image');
  }
  const engine = getEngine();
  const { bundle } = engine.status().info ?? (await engine.load());
  const parts = referenceIds.length > 0 ? undefined : await askForParts(owner, toPartWish(wish));
  const within = parts === undefined ? undefined : keyOfWish(parts);
  const stored = await findStored(image, bundle, within === undefined ? referenceIds : [within]);
  if (stored !== null) {
    return stored;
  }
  const seen = await engine.inspect(
    { image: await sourceOf(image), references: await Promise.all(references.map(sourceOf)), parts },
    {
      key: queueKey(owner.userId, 'inspect'),
      signal,
      onEvent: (event) => event.stage !== 'glance' && onStatus?.(event),
    },
  );
  const regions = seen.regions.map((region) => ({ ...region, place: placeOfRle(region.rle) }));
  const inspection = await storeInspection(imageId, referenceIds, { ...seen, regions }, within);
  const masks = await storeMasks(inspection, seen);
  return toResponse(inspection, masks);
}
