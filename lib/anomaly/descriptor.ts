import type { EncoderShape } from './view-patches';

/** Patches that count as the image's most suspicious ones. */
const SUSPECTS = 8;

/**
 * Describes the base view of an image for comparisons between images: the encoder's class token, and the mean of the
 * last level's patches where the anomaly map is highest. Both have unit length.
 *
 * @param encoding `levels` [V,L,P,D] and `cls` [V,D]
 * @param map anomaly map of the base view [P]
 */
export function describe(
  { levels, cls }: { levels: Float32Array; cls: Float32Array },
  map: Float32Array,
  { width, levels: depth, grid }: EncoderShape,
): { image: Float32Array; suspect: Float32Array } {
  const start = (depth - 1) * grid * grid * width;
  const suspects = Array.from(map.keys())
    .sort((a, b) => (map[b] ?? 0) - (map[a] ?? 0) || a - b)
    .slice(0, SUSPECTS);
  const suspect = new Float32Array(width);
  for (const patch of suspects) {
    for (let i = 0; i < width; i += 1) {
      suspect[i] = (suspect[i] ?? 0) + (levels[start + patch * width + i] ?? 0);
    }
  }
  return { image: unit(cls.slice(0, width)), suspect: unit(suspect) };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
