import fc from 'fast-check';
import { findComponents } from '@/lib/segmentation/components';
import { createMask, type Mask, scaleMask } from '@/lib/segmentation/mask';
import { reduceMask, resizeMask } from '@/lib/segmentation/reduce-mask';
import { arbitraryMask } from './arbitrary-mask';

/** A mask with the pixels set for which `isSet` holds. */
function maskOf(width: number, height: number, isSet: (x: number, y: number) => boolean): Mask {
  const mask = createMask(width, height);
  mask.data.forEach((_, i) => (mask.data[i] = isSet(i % width, Math.floor(i / width)) ? 1 : 0));
  return mask;
}

const areas = (mask: Mask) => findComponents(mask).map(({ area }) => area);

describe('reduceMask', () => {
  it('keeps a scratch of one pixel, straight or slanted, as one region of its whole length', () => {
    const scratches: ((x: number, y: number) => boolean)[] = [
      (_, y) => y === 400,
      (x) => x === 513,
      (x, y) => x === y,
      (x, y) => y === Math.floor(x / 7) + 3,
      (x, y) => x === Math.floor(y / 200) + 100,
    ];
    for (const isSet of scratches) {
      const reduced = reduceMask(maskOf(1024, 1024, isSet), 256, 256);
      expect(areas(reduced)).toHaveLength(1);
      const [x, y, width, height] = findComponents(reduced)[0]?.bbox ?? [0, 0, 0, 0];
      expect(Math.max(width, height)).toBeGreaterThanOrEqual(254);
      expect(x + width).toBeLessThanOrEqual(256);
      expect(y + height).toBeLessThanOrEqual(256);
    }
  });

  it('leaves thick regions as their centres give them', () => {
    const disc = maskOf(900, 700, (x, y) => (x - 300) ** 2 + (y - 350) ** 2 < 150 ** 2);
    expect(reduceMask(disc, 256, 256)).toEqual(scaleMask(disc, 256, 256));
  });

  it('keeps a thin tail on a thick region', () => {
    const comet = maskOf(1000, 1000, (x, y) => (x < 200 && y > 400 && y < 600) || y === 501);
    const reduced = reduceMask(comet, 250, 250);
    expect(findComponents(reduced).map(({ bbox }) => bbox)).toEqual([[0, 100, 250, 50]]);
  });

  it('loses no pixel by more than a cell and sets no cell without cause, whatever the mask and size', () => {
    fc.assert(
      fc.property(arbitraryMask, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (mask, w, h) => {
        const reduced = reduceMask(mask, w, h);
        const scaled = scaleMask(mask, w, h);
        expect(reduced.data.every((value, i) => value >= (scaled.data[i] ?? 0))).toBe(true);
        const cellAt = (value: number, cells: number, length: number) => Math.floor((value * cells) / length);
        const isNear = (x: number, y: number) =>
          reduced.data.some(
            (value, i) => value === 1 && Math.abs((i % w) - x) <= 1.5 && Math.abs(Math.floor(i / w) - y) <= 1.5,
          );
        mask.data.forEach((value, i) => {
          if (value === 1) {
            const x = cellAt((i % mask.width) + 0.5, w, mask.width);
            const y = cellAt(Math.floor(i / mask.width) + 0.5, h, mask.height);
            expect(isNear(x, y)).toBe(true);
          }
        });
        reduced.data.forEach((value, i) => {
          if (value === 1) {
            const [x, y] = [i % w, Math.floor(i / w)];
            const touches = mask.data.some(
              (set, pixel) =>
                set === 1 &&
                (pixel % mask.width) * w < (x + 1) * mask.width &&
                ((pixel % mask.width) + 1) * w > x * mask.width &&
                Math.floor(pixel / mask.width) * h < (y + 1) * mask.height &&
                (Math.floor(pixel / mask.width) + 1) * h > y * mask.height,
            );
            expect(touches).toBe(true);
          }
        });
        expect(findComponents(reduced).length).toBeLessThanOrEqual(findComponents(mask).length);
      }),
      { numRuns: 30 },
    );
  });

  it('grows masks as before', () => {
    fc.assert(
      fc.property(arbitraryMask, fc.integer({ min: 1, max: 4 }), (mask, factor) => {
        const [width, height] = [mask.width * factor, mask.height * factor];
        expect(resizeMask(mask, width, height)).toEqual(scaleMask(mask, width, height));
        expect(resizeMask(resizeMask(mask, width, height), mask.width, mask.height)).toEqual(mask);
      }),
    );
  });
});
