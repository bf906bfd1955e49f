import fc from 'fast-check';
import type { MaskPart } from '@/lib/contract';
import { encodeRle } from '@/lib/segmentation/rle';
import { maskOutline } from '@/lib/segmentation/mask-outline';

function mask(width: number, height: number, isInside: (x: number, y: number) => boolean): MaskPart {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    isInside(i % width, Math.floor(i / width)) ? 1 : 0,
  );
  return {
    ...{ imageId: 'i', maskId: 'm', rle: encodeRle({ width, height, data }), bbox: [0, 0, 1, 1] },
    ...{ areaFraction: 0, label: 'scratch', score: 1, source: 'model' },
  };
}

/** Rings of a path as points. */
const rings = (path: string) =>
  path
    .split('Z')
    .filter(Boolean)
    .map((ring) =>
      ring
        .slice(1)
        .split('L')
        .map((point) => point.split(' ').map(Number) as [number, number]),
    );

test('an outline stays within half a pixel of the mask’s border', () => {
  const box = fc.record({
    x: fc.nat(20),
    y: fc.nat(20),
    w: fc.integer({ min: 1, max: 20 }),
    h: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(box, ({ x, y, w, h }) => {
      const outline = maskOutline([mask(48, 44, (px, py) => px >= x && px < x + w && py >= y && py < y + h)]);
      expect([outline?.width, outline?.height]).toEqual([48, 44]);
      const [ring, ...others] = rings(outline?.path ?? '');
      expect(others).toEqual([]);
      for (const [px, py] of ring ?? []) {
        const onSide = px === x || px === x + w || py === y || py === y + h;
        expect([px >= x, px <= x + w, py >= y, py <= y + h, onSide]).toEqual([true, true, true, true, true]);
      }
    }),
  );
});

test('a hole is a ring of its own, masks are united, and nothing makes nothing', () => {
  const frame = mask(
    40,
    40,
    (x, y) => Math.max(Math.abs(x - 20), Math.abs(y - 20)) < 10 && Math.max(Math.abs(x - 20), Math.abs(y - 20)) > 4,
  );
  expect(rings(maskOutline([frame])?.path ?? '')).toHaveLength(2);
  const corner = mask(40, 40, (x, y) => x < 4 && y < 4);
  expect(rings(maskOutline([frame, corner])?.path ?? '')).toHaveLength(3);
  expect(maskOutline([mask(40, 40, () => false)])).toBeNull();
  expect(maskOutline([])).toBeNull();
});

test('a hair crack in a large image does not vanish', () => {
  const crack = maskOutline([mask(2000, 60, (x, y) => y === 30 && x > 400 && x < 1600)]);
  expect(Math.max(crack?.width ?? 0, crack?.height ?? 0)).toBe(1024);
  expect(rings(crack?.path ?? '').flat().length).toBeGreaterThan(2);
});
