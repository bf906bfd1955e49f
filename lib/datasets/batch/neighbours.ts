import { setImmediate as nextTurn } from 'node:timers/promises';
import { standardise } from './ridge';

/** Rows between which others get their turn: the work runs in the server's thread. */
const ROWS_AT_ONCE = 16;

/**
 * What the labelled items most like an item say, itself left out: the mean of their targets, in which both classes weigh the same over the set.
 *
 * @param rows features [d] of each item; all of one length
 * @param targets 1, -1, or 0 for items that have no say
 * @param images equal for copies of one image, which have no say about each other
 * @param count how many neighbours are asked
 * @returns -1..1 for each row; 0 where nobody may be asked
 */
export async function askNeighbours(
  rows: readonly Float32Array[],
  targets: readonly number[],
  images: readonly string[],
  count: number,
): Promise<number[]> {
  const units = normalise(rows);
  const share = (sign: number) => 1 / Math.max(1, targets.filter((target) => target === sign).length);
  const weights = { positive: share(1), negative: share(-1) };
  const said: number[] = [];
  for (const [index, row] of units.entries()) {
    const nearest: { similarity: number; target: number }[] = [];
    units.forEach((other, i) => {
      const target = targets[i] ?? 0;
      if (target !== 0 && i !== index && images[i] !== images[index]) {
        const similarity = row.reduce((sum, value, k) => sum + value * (other[k] ?? 0), 0);
        if (nearest.length < count || similarity > (nearest.at(-1)?.similarity ?? -Infinity)) {
          nearest.push({ similarity, target });
          nearest.sort((a, b) => b.similarity - a.similarity).splice(count);
        }
      }
    });
    const weigh = (target: number) => (target > 0 ? weights.positive : weights.negative);
    const total = nearest.reduce((sum, { target }) => sum + weigh(target), 0);
    said.push(total === 0 ? 0 : nearest.reduce((sum, { target }) => sum + target * weigh(target), 0) / total);
    if (index % ROWS_AT_ONCE === 0) {
      await nextTurn();
    }
  }
  return said;
}

/** Standardises each feature over the rows, then each row to length 1. */
function normalise(rows: readonly Float32Array[]): Float32Array[] {
  const { mean, scale } = standardise(rows);
  return rows.map((row) => {
    const standard = row.map((value, k) => (value - (mean[k] ?? 0)) * (scale[k] ?? 0));
    const length = Math.sqrt(standard.reduce((sum, value) => sum + value * value, 0));
    return length > 0 ? standard.map((value) => value / length) : standard;
  });
}
