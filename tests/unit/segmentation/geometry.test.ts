import fc from 'fast-check';
import { findComponents } from '@/lib/segmentation/components';
import { maskArea, scaleMask } from '@/lib/segmentation/mask';
import { convexHull, minAreaRect, outerCorners, solidity } from '@/lib/segmentation/min-area-rect';
import { close, grow, intersect, open, shrink, subtract, union } from '@/lib/segmentation/morphology';
import { maskToPolygons, polygonArea, polygonsToMask } from '@/lib/segmentation/polygon';
import { arbitraryMask } from './arbitrary-mask';

const radius = fc.integer({ min: 0, max: 4 });
const isInside = (a: { data: Uint8Array }, b: { data: Uint8Array }) => a.data.every((v, i) => v <= (b.data[i] ?? 0));

describe('polygons', () => {
  it('give every mask back by the even-odd rule, and its area', () => {
    fc.assert(
      fc.property(arbitraryMask, (mask) => {
        const polygons = maskToPolygons(mask);
        expect(polygonsToMask(polygons, mask.width, mask.height)).toEqual(mask);
        expect(polygons.reduce((sum, ring) => sum + polygonArea(ring), 0)).toBe(maskArea(mask));
      }),
      { numRuns: 300 },
    );
  });

  it('outline a square with four corners and a hole with four more', () => {
    const mask = { width: 3, height: 3, data: Uint8Array.from([1, 1, 1, 1, 0, 1, 1, 1, 1]) };
    expect(maskToPolygons(mask).map((ring) => ring.length)).toEqual([4, 4]);
  });

  it('refuse coordinates that are no numbers', () => {
    expect(() => polygonsToMask([[{ x: NaN, y: 0 }]], 4, 4)).toThrow(RangeError);
  });
});

describe('morphology', () => {
  it('shrinks within the mask and grows around it', () => {
    fc.assert(
      fc.property(arbitraryMask, radius, (mask, r) => {
        expect(isInside(shrink(mask, r), mask)).toBe(true);
        expect(isInside(mask, grow(mask, r))).toBe(true);
        expect(isInside(open(mask, r), mask)).toBe(true);
        expect(isInside(mask, close(mask, r))).toBe(true);
      }),
    );
  });

  it('opens and closes once and for all', () => {
    fc.assert(
      fc.property(arbitraryMask, radius, (mask, r) => {
        expect(open(open(mask, r), r)).toEqual(open(mask, r));
        expect(close(close(mask, r), r)).toEqual(close(mask, r));
      }),
    );
  });

  it('combines masks as sets', () => {
    fc.assert(
      fc.property(arbitraryMask, (mask) => {
        const grown = grow(mask, 1);
        expect(subtract(mask, grown).data.some(Boolean)).toBe(false);
        expect(intersect(mask, grown)).toEqual(mask);
        expect(union(mask, grown)).toEqual(grown);
      }),
    );
  });

  it.each([-1, 1.5])('refuses a radius of %p', (r) => {
    expect(() => grow({ width: 1, height: 1, data: new Uint8Array(1) }, r)).toThrow(RangeError);
  });
});

describe('the smallest enclosing rectangle', () => {
  it('measures a slanted bar', () => {
    const [cos, sin] = [Math.cos(0.5), Math.sin(0.5)];
    const bar = [
      [-40, -3],
      [40, -3],
      [40, 3],
      [-40, 3],
    ].map(([u = 0, v = 0]) => ({ x: 100 + u * cos - v * sin, y: 80 + u * sin + v * cos }));
    const rect = minAreaRect(bar);
    expect(rect.length).toBeCloseTo(80);
    expect(rect.width).toBeCloseTo(6);
    expect(rect.centre.x).toBeCloseTo(100);
    expect(rect.centre.y).toBeCloseTo(80);
    expect(Math.abs(Math.sin(rect.angle - 0.5))).toBeCloseTo(0);
  });

  it('contains the hull and is never larger than the upright box', () => {
    fc.assert(
      fc.property(arbitraryMask, (mask) => {
        for (const component of findComponents(mask)) {
          const corners = outerCorners(component);
          const { length, width } = minAreaRect(corners);
          expect(length * width).toBeLessThanOrEqual(component.bbox[2] * component.bbox[3] + 1e-6);
          expect(length * width).toBeGreaterThanOrEqual(Math.abs(polygonArea(convexHull(corners))) - 1e-6);
          expect(solidity(component)).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });
});

describe('scaling a mask', () => {
  it('keeps every pixel when the size is a multiple', () => {
    fc.assert(
      fc.property(arbitraryMask, fc.integer({ min: 1, max: 4 }), (mask, factor) => {
        const scaled = scaleMask(mask, mask.width * factor, mask.height * factor);
        expect(maskArea(scaled)).toBe(maskArea(mask) * factor ** 2);
        expect(scaleMask(scaled, mask.width, mask.height)).toEqual(mask);
      }),
    );
  });
});
