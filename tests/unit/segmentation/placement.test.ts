import fc from 'fast-check';
import { createMask } from '@/lib/segmentation/mask';
import { placementOf } from '@/lib/segmentation/placement';
import { arbitraryMask } from './arbitrary-mask';

const [WIDTH, HEIGHT] = [40, 30];
const box = (x: number, y: number, side: number) => {
  const mask = createMask(WIDTH, HEIGHT);
  for (let row = y; row < y + side; row += 1) {
    mask.data.fill(1, row * WIDTH + x, row * WIDTH + x + side);
  }
  return mask;
};
/** A bump at a place on a slope, so that no two places are equal. */
const bump = (cx: number, cy: number) =>
  Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return 0.7 * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 20) + (0.1 * x) / WIDTH;
  });

it('is high where the mask is on the bump, lower beside it, and 0 far away', () => {
  const map = bump(12.5, 14.5);
  const [on, beside, away] = [box(10, 12, 6), box(13, 12, 6), box(0, 0, 6)].map((mask) => placementOf(mask, map));
  expect(on).toBeGreaterThan(0.98);
  expect(beside).toBeGreaterThan(0.3);
  expect(beside).toBeLessThan(0.9);
  expect(away).toBe(0);
});

it('does not care how high the map is: a map at half contrast gives nearly the same', () => {
  const map = bump(25, 10);
  const halved = map.map((value) => 0.3 + value / 2);
  for (const mask of [box(22, 7, 6), box(20, 7, 6)]) {
    expect(placementOf(mask, halved)).toBeCloseTo(placementOf(mask, map), 1);
  }
});

it('is 0..1 for any mask and map, and 1 for a flat map or an empty mask', () => {
  fc.assert(
    fc.property(arbitraryMask, fc.infiniteStream(fc.float({ min: 0, max: 1, noNaN: true })), (mask, values) => {
      const map = Float32Array.from({ length: mask.data.length }, () => Number(values.next().value));
      const placement = placementOf(mask, map);
      expect(placement).toBeGreaterThanOrEqual(0);
      expect(placement).toBeLessThanOrEqual(1);
      expect(placementOf(mask, map.fill(0.4))).toBeCloseTo(1, 3);
    }),
    { numRuns: 50 },
  );
  expect(placementOf(createMask(5, 4), new Float32Array(20).fill(0.2))).toBe(1);
});
