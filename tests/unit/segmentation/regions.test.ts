import fc from 'fast-check';
import { maskArea } from '@/lib/segmentation/mask';
import { extractRegions } from '@/lib/segmentation/regions';
import { decodeRle } from '@/lib/segmentation/rle';

const limits = { threshold: 0.5, minAreaFraction: 0.01, maxRegions: 3, fallbackFraction: 0.5 };

/** A map of 20 x 20 px with rectangles [x, y, w, h, probability]. */
function mapWith(...boxes: [number, number, number, number, number][]) {
  const values = new Float32Array(400).fill(0.05);
  for (const [x, y, w, h, probability] of boxes) {
    for (let row = y; row < y + h; row += 1) {
      values.fill(probability, row * 20 + x, row * 20 + x + w);
    }
  }
  return { width: 20, height: 20, values };
}

const image = { width: 20, height: 20 };

describe('extractRegions', () => {
  it('sorts by score, drops small ones, keeps as many as allowed, and masks exactly those', () => {
    const map = mapWith(
      [0, 0, 4, 4, 0.7],
      [8, 0, 4, 4, 0.9],
      [0, 8, 1, 1, 0.99],
      [8, 8, 4, 4, 0.6],
      [14, 14, 4, 4, 0.8],
    );
    const { regions, mask, fallback } = extractRegions(map, image, limits, false);
    expect(regions.map(({ id, bbox }) => [id, bbox])).toEqual([
      ['r1', [8, 0, 4, 4]],
      ['r2', [14, 14, 4, 4]],
      ['r3', [0, 0, 4, 4]],
    ]);
    expect(regions[0]?.score).toBeCloseTo(0.9, 5);
    expect(regions[0]).toMatchObject({ areaPx: 16, areaFraction: 0.04 });
    expect(maskArea(mask)).toBe(48);
    expect(fallback).toBe(false);
  });

  it('returns nothing below the threshold unless something was announced', () => {
    const map = mapWith([2, 2, 5, 5, 0.4]);
    expect(extractRegions(map, image, limits, false).regions).toEqual([]);
    const insisted = extractRegions(map, image, limits, true);
    expect(insisted).toMatchObject({ fallback: true, regions: [{ bbox: [2, 2, 5, 5] }] });
  });

  it('keeps the largest of too small regions when something was announced', () => {
    const { regions } = extractRegions(mapWith([3, 3, 1, 2, 0.9], [9, 9, 1, 1, 0.9]), image, limits, true);
    expect(regions.map(({ bbox }) => bbox)).toEqual([[3, 3, 1, 2]]);
  });

  it('always shows something when it was announced, at the size of the image, and regions add up to the mask', () => {
    const value = fc.double({ min: 1e-6, max: 1, noNaN: true });
    const map = fc
      .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
      .chain(({ width, height }) =>
        fc
          .array(value, { minLength: width * height, maxLength: width * height })
          .map((values) => ({ width, height, values: Float32Array.from(values) })),
      );
    fc.assert(
      fc.property(map, fc.integer({ min: 1, max: 4 }), (probabilities, scale) => {
        const size = { width: probabilities.width * scale, height: probabilities.height * scale };
        const { regions, mask } = extractRegions(probabilities, size, limits, true);
        expect(regions.length).toBeGreaterThan(0);
        expect(mask).toMatchObject(size);
        const sum = regions.reduce((area, region) => {
          expect(maskArea(decodeRle(region.rle))).toBe(region.areaPx);
          return area + region.areaPx;
        }, 0);
        expect(maskArea(mask)).toBe(sum);
      }),
    );
  });
});
