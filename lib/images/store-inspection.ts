import { newId, type InspectionPart } from '@/lib/contract';
import type { PlacedInspection } from '@/lib/turn/types';
import { putInspection } from '@/lib/database/inspections';
import type { FrozenPayload } from './frozen-payload';
import { blobs } from '@/lib/storage';

/** The anomaly map of one image is at most 512 px wide; anything larger is no map. */
const MAP_BYTES = 4 * 1024 * 1024;

/** The same image, bundle and references keep the id, and so the address of the map, of the first inspection. */
function toPart(id: string, imageId: string, referenceIds: string[], seen: PlacedInspection): InspectionPart {
  const { score, bucket, verdict, probability, foreignness, basis, tiles, regions, bundle, timings, notes, parts } =
    seen;
  return {
    imageId,
    inspectionId: id,
    score,
    bucket,
    ...{ verdict, probability, foreignness, basis },
    heatmapUrl: `/api/inspections/${id}/heatmap`,
    tiles,
    regions: regions.map((region) => ({
      id: region.id,
      bbox: region.bbox,
      areaPx: region.areaPx,
      areaFraction: region.areaFraction,
      score: region.score,
      place: region.place,
    })),
    referenceIds,
    bundle,
    ms: timings.totalMs,
    ...(notes.length > 0 && { notes }),
    ...(parts?.part && { part: parts.part }),
    ...(parts !== undefined && parts.candidates.length > 0 && { partCandidates: [...parts.candidates] }),
  };
}

/**
 * Stores what was seen in an image (the map as a file, the rest as a row) and returns it as clients get it.
 * @param extra what its row keeps besides, for looking at the image again
 * @param within tells apart what was seen in comparison with a whole set; such an inspection is not found by references
 */
export async function storeInspection(
  imageId: string,
  referenceIds: string[],
  seen: PlacedInspection,
  within?: string,
  extra: { frozen?: FrozenPayload; nearest?: string } = {},
): Promise<InspectionPart> {
  const { key } = await blobs().write([seen.heatmap], MAP_BYTES);
  const id = newId();
  const payload = toPart(id, imageId, referenceIds, seen);
  const { bundle, score } = seen;
  const row = await putInspection({
    id,
    imageId,
    bundle,
    referenceIds: within === undefined ? referenceIds : [within],
    window: seen.range?.rule === 'chosen' ? seen.range : undefined,
    score,
    mapKey: key,
    payload: { ...payload, ...extra },
  });
  return { ...payload, inspectionId: row.id, heatmapUrl: `/api/inspections/${row.id}/heatmap` };
}
