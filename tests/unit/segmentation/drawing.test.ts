import fc from 'fast-check';
import { drawStroke } from '@/lib/segmentation/brush';
import { findComponents } from '@/lib/segmentation/components';
import { fillHoles, flood } from '@/lib/segmentation/flood';
import { createMask, maskArea } from '@/lib/segmentation/mask';
import { magicWand } from '@/lib/segmentation/wand';
import { arbitraryMask } from './arbitrary-mask';

/** Quarter pixels, so that distances are exact enough to tell inside from outside. */
const quarter = fc.integer({ min: -20, max: 120 }).map((value) => value / 4);
const point = fc.record({ x: quarter, y: quarter });

function distance(x: number, y: number, from: { x: number; y: number }, to: { x: number; y: number }): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(x - from.x - t * dx, y - from.y - t * dy);
}

describe('a brush stroke', () => {
  it('sets exactly the pixels whose centre lies within the radius of the segment', () => {
    fc.assert(
      fc.property(point, point, fc.integer({ min: 1, max: 30 }), (from, to, size) => {
        const radius = size / 4;
        const mask = createMask(24, 20);
        const box = drawStroke(mask, from, to, radius, 1);
        mask.data.forEach((value, index) => {
          const [x, y] = [index % 24, Math.floor(index / 24)];
          const far = distance(x + 0.5, y + 0.5, from, to);
          if (Math.abs(far - radius) > 1e-9) {
            expect([x, y, value]).toEqual([x, y, far < radius ? 1 : 0]);
          }
          if (value === 1) {
            const [left = 0, top = 0, width = 0, height = 0] = box ?? [];
            expect(x >= left && y >= top && x < left + width && y < top + height).toBe(true);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it('of half a pixel at a pixel centre is that pixel; the eraser takes it away again', () => {
    const mask = createMask(5, 5);
    const at = { x: 2.5, y: 3.5 };
    expect(drawStroke(mask, at, at, 0.5, 1)).toEqual([2, 3, 1, 1]);
    expect([maskArea(mask), mask.data[3 * 5 + 2]]).toEqual([1, 1]);
    drawStroke(mask, at, at, 0.5, 0);
    expect(maskArea(mask)).toBe(0);
  });

  it('beside the image changes nothing', () => {
    const mask = createMask(4, 4);
    expect(drawStroke(mask, { x: -9, y: -9 }, { x: -7, y: -7 }, 2, 1)).toBeNull();
    expect(maskArea(mask)).toBe(0);
  });
});

describe('filling holes', () => {
  it('leaves no enclosed pixel, takes nothing away, and is done after once', () => {
    fc.assert(
      fc.property(arbitraryMask, (mask) => {
        const filled = fillHoles(mask);
        expect(mask.data.every((value, index) => value <= (filled.data[index] ?? 0))).toBe(true);
        expect(fillHoles(filled)).toEqual(filled);
        // Every unset pixel that is left reaches the border over unset pixels.
        const { width, height, data } = filled;
        const border = [...data.keys()].filter((i) => {
          const [x, y] = [i % width, Math.floor(i / width)];
          return x === 0 || y === 0 || x === width - 1 || y === height - 1;
        });
        const reached = flood(width, height, border, (i) => data[i] === 0);
        expect(maskArea(reached)).toBe(width * height - maskArea(filled));
      }),
    );
  });

  it('fills a ring, also one that is closed over a diagonal only', () => {
    const ring = { width: 5, height: 5, data: Uint8Array.from('0010001010100010101000100'.split('').map(Number)) };
    expect(maskArea(fillHoles(ring))).toBeGreaterThan(maskArea(ring));
  });
});

describe('the magic wand', () => {
  const values = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 48, maxLength: 48 });

  it('takes one connected area around the point, in which nothing is colder than the tolerance allows', () => {
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 0, max: 5 }),
        fc.nat(120),
        (map, x, y, tolerance) => {
          const mask = magicWand(
            { width: 8, height: 6, values: Uint8Array.from(map) },
            { width: 8, height: 6 },
            { x, y },
            tolerance,
          );
          expect(mask.data[y * 8 + x]).toBe(1);
          expect(findComponents(mask)).toHaveLength(1);
          const least = (map[y * 8 + x] ?? 0) - tolerance;
          mask.data.forEach((value, index) => expect(value === 0 || (map[index] ?? 0) >= least).toBe(true));
        },
      ),
    );
  });

  it('takes more with more tolerance', () => {
    fc.assert(
      fc.property(values, fc.nat(100), fc.nat(100), (map, low, more) => {
        const field = { width: 8, height: 6, values: Uint8Array.from(map) };
        const size = { width: 16, height: 12 };
        const at = { x: 7, y: 5 };
        const smaller = magicWand(field, size, at, low);
        const larger = magicWand(field, size, at, low + more);
        expect(smaller.data.every((value, index) => value <= (larger.data[index] ?? 0))).toBe(true);
      }),
    );
  });

  it('reads a coarse map between its cells', () => {
    const field = { width: 2, height: 1, values: Uint8Array.from([0, 200]) };
    const mask = magicWand(field, { width: 8, height: 1 }, { x: 7, y: 0 }, 100);
    expect([...mask.data]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('outside of the image takes nothing', () => {
    const field = { width: 1, height: 1, values: [0] };
    expect(maskArea(magicWand(field, { width: 3, height: 3 }, { x: 3, y: 0 }, 9))).toBe(0);
  });
});
