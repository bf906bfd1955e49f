import fc from 'fast-check';
import { cohensKappa, rleIou } from '@/lib/datasets/review/agreement';
import { deal } from '@/lib/datasets/review/assign';
import { encodeRle } from '@/lib/segmentation/rle';
import { arbitraryMask } from '../../segmentation/arbitrary-mask';

describe("Cohen's kappa", () => {
  it('is 1 for the same ratings of two classes, whatever they are, and symmetric', () => {
    const ratings = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(ratings, ratings, (first, second) => {
        const length = Math.min(first.length, second.length);
        const [a, b] = [first.slice(0, length), second.slice(0, length)];
        if (new Set(a).size > 1) {
          expect(cohensKappa(a, a)).toBeCloseTo(1, 12);
        }
        // The classes are summed in another order: equal up to rounding, and undefined together.
        const [there, back] = [cohensKappa(a, b), cohensKappa(b, a)];
        expect(there === null).toBe(back === null);
        expect(there ?? 0).toBeCloseTo(back ?? 0, 12);
      }),
    );
  });

  it('is undefined where chance alone explains everything, or nothing was rated', () => {
    expect([cohensKappa([], []), cohensKappa(['a', 'a'], ['a', 'a'])]).toEqual([null, null]);
  });

  it('refuses lists of different length', () => {
    expect(() => cohensKappa(['a'], [])).toThrow(RangeError);
  });
});

describe('mask overlap', () => {
  it('equals that of the pixels', () => {
    const pair = arbitraryMask.chain((first) =>
      fc
        .array(fc.integer({ min: 0, max: 1 }), { minLength: first.data.length, maxLength: first.data.length })
        .map((values) => [first, { ...first, data: Uint8Array.from(values) }] as const),
    );
    fc.assert(
      fc.property(pair, ([first, second]) => {
        const count = (test: (a: number, b: number) => boolean) =>
          first.data.reduce((sum, value, index) => sum + (test(value, second.data[index] ?? 0) ? 1 : 0), 0);
        const either = count((a, b) => a + b > 0);
        const expected = either === 0 ? 1 : count((a, b) => a + b === 2) / either;
        expect(rleIou(encodeRle(first), encodeRle(second))).toBeCloseTo(expected, 12);
      }),
      { numRuns: 300 },
    );
  });

  it('of different sizes cannot be told', () => {
    expect(() => rleIou({ size: [1, 2], counts: [2] }, { size: [2, 1], counts: [2] })).toThrow(RangeError);
  });
});

it('items are dealt out evenly, to different people each', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.integer({ min: 2, max: 6 }), fc.constantFrom(1, 2), (count, people, perItem) => {
      const items = Array.from({ length: count }, (_, index) => `i${index}`);
      const names = Array.from({ length: people }, (_, index) => `p${index}`);
      const rows = deal(items, names, perItem);
      expect(rows).toHaveLength(count * perItem);
      expect(new Set(rows.map(({ itemId, reviewerId }) => `${itemId} ${reviewerId}`)).size).toBe(rows.length);
      const loads = names.map((name) => rows.filter(({ reviewerId }) => reviewerId === name).length);
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(perItem);
    }),
  );
});
