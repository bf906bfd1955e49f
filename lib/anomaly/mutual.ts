import { checkpoint } from '@/lib/engine/checkpoint';
import { EngineError } from '@/lib/engine/errors';
import { topMean } from './patches';
import type { Similarity } from './similarity';

/** Settings of mutual scoring, as measured best (docs/decisions/reference-mode.md). */
export const MUTUAL = {
  /** Index of the encoder level that is compared. */
  level: 2,
  /** Share of the other images, the most similar ones, whose distances are averaged per patch. */
  lowestFraction: 0.3,
  /** Share of an image's patches, the most distant ones, whose mean is its score. */
  topFraction: 0.01,
  /** What such a distance is in normal images, and how many images that is worth. */
  priorMean: 0.2,
  priorDeviation: 0.031,
  priorCount: 2,
} as const;

export type MutualOptions = {
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Each image is compared with at most so many others, spread evenly over the set. */
  maxOthers?: number | undefined;
};

/** Mean of the lowest `fraction` of the values at position `index` of each row, at least one. */
export function lowestMean(rows: readonly Float32Array[], index: number, fraction: number): number {
  const values = Float32Array.from(rows, (row) => row[index] ?? 0).sort();
  const count = Math.max(1, Math.round(values.length * fraction));
  return values.subarray(0, count).reduce((sum, value) => sum + value, 0) / count;
}

/**
 * Zero-shot over an unlabelled set (DSSL among unmarked samples): a normal patch finds close matches in many of the other
 * images, an anomalous one in few.
 * @param images each image's patches [P,D] at `MUTUAL.level`, pooled and normalised (`pooledPatches`)
 * @returns per image the distance map [P] and its score, 0..2, comparable within the set only
 * @throws EngineError `invalid_request` for fewer than two images, `cancelled`
 */
export async function scoreMutually(
  images: readonly Float32Array[],
  similarity: Similarity,
  { signal, onProgress, maxOthers = 64 }: MutualOptions = {},
): Promise<{ map: Float32Array; score: number }[]> {
  if (images.length < 2) {
    throw new EngineError('invalid_request', 'Mutual scoring compares images with each other: give at least two.');
  }
  const results: { map: Float32Array; score: number }[] = [];
  const stride = Math.max(1, (images.length - 1) / maxOthers);
  for (const [index, image] of images.entries()) {
    const rows: Float32Array[] = [];
    for (let step = 0; Math.floor(step) < images.length - 1; step += stride) {
      await checkpoint(signal);
      const other = images[(index + 1 + Math.floor(step)) % images.length] ?? image;
      rows.push(await similarity.distances(image, other));
    }
    const patches = rows[0]?.length ?? 0;
    const map = Float32Array.from({ length: patches }, (_, i) => lowestMean(rows, i, MUTUAL.lowestFraction));
    results.push({ map, score: topMean(map, MUTUAL.topFraction) });
    onProgress?.(index + 1, images.length);
  }
  return results;
}
