import type { Polygon } from '@/lib/segmentation/polygon';

/**
 * Joins the rings of a mask to one ring by bridges that are walked there and back, as YOLO's segment rows want it.
 * Filled by the even-odd rule it gives the same pixels: each bridge is crossed twice at one place.
 */
export function joinRings(rings: readonly Polygon[]): Polygon {
  const [first, ...others] = rings;
  if (first === undefined) {
    return [];
  }
  const [anchor] = first;
  const joined = [...first];
  for (const ring of others) {
    const [start] = ring;
    if (anchor !== undefined && start !== undefined) {
      joined.push(anchor, ...ring, start);
    }
  }
  return anchor !== undefined && others.length > 0 ? [...joined, anchor] : joined;
}
