import type { Rle } from '@/lib/segmentation/rle';

/**
 * Cohen's kappa of two raters over the same items: (p_o - p_e) / (1 - p_e), with p_e from each rater's own shares.
 * @returns null without items, or when both raters used one and the same class only (chance alone explains everything)
 * @throws RangeError when the lists differ in length
 */
export function cohensKappa(first: readonly string[], second: readonly string[]): number | null {
  if (first.length !== second.length) {
    throw new RangeError(`Two raters must rate the same items: ${first.length} and ${second.length} ratings.`);
  }
  const total = first.length;
  const share = (ratings: readonly string[], value: string) =>
    ratings.filter((rating) => rating === value).length / total;
  const observed = first.filter((rating, index) => rating === second[index]).length / total;
  const expected = [...new Set([...first, ...second])].reduce(
    (sum, value) => sum + share(first, value) * share(second, value),
    0,
  );
  return total === 0 || 1 - expected < 1e-12 ? null : (observed - expected) / (1 - expected);
}

/** Runs of ones as [start, end) in the RLE's own order. */
function* runsOf({ counts }: Rle): Generator<[number, number]> {
  let position = 0;
  for (const [index, count] of counts.entries()) {
    if (index % 2 === 1 && count > 0) {
      yield [position, position + count];
    }
    position += count;
  }
}

/**
 * Intersection over union of two masks, from their run lengths alone; two empty masks agree (1).
 * @throws RangeError when the sizes differ
 */
export function rleIou(first: Rle, second: Rle): number {
  if (first.size[0] !== second.size[0] || first.size[1] !== second.size[1]) {
    throw new RangeError(`Masks of ${first.size.join(' x ')} and ${second.size.join(' x ')} px cannot be compared.`);
  }
  const others = [...runsOf(second)];
  let [both, areaFirst] = [0, 0];
  let at = 0;
  for (const [start, end] of runsOf(first)) {
    areaFirst += end - start;
    while (at < others.length && (others[at]?.[1] ?? 0) <= start) {
      at += 1;
    }
    for (let other = at; other < others.length && (others[other]?.[0] ?? 0) < end; other += 1) {
      both += Math.min(end, others[other]?.[1] ?? 0) - Math.max(start, others[other]?.[0] ?? 0);
    }
  }
  const either = areaFirst + others.reduce((sum, [start, end]) => sum + end - start, 0) - both;
  return either === 0 ? 1 : both / either;
}
