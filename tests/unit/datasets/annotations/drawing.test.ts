import fc from 'fast-check';
import { fitSizes, moveMask, movePoint, type Orientation } from '@/lib/datasets/annotations/fit';
import { boxOf, decodeLocal, encodeLocal, uniteLocal } from '@/lib/datasets/annotations/local-mask';
import { drawShapes } from '@/lib/datasets/annotations/shapes';
import { createMask } from '@/lib/segmentation/mask';
import { polygonsToMask } from '@/lib/segmentation/polygon';
import { decodeRle, encodeRle } from '@/lib/segmentation/rle';
import { arbitraryMask } from '../../segmentation/arbitrary-mask';

test('run lengths of a part are those of the whole', () => {
  fc.assert(
    fc.property(arbitraryMask, (mask) => {
      const counts = encodeRle(mask).counts;
      const local = decodeLocal(counts, mask);
      const whole = createMask(mask.width, mask.height);
      if (local !== undefined) {
        uniteLocal(whole, local);
        expect(decodeRle({ size: [mask.height, mask.width], counts: encodeLocal(local, mask) })).toEqual(mask);
        expect(boxOf(local)).toBeDefined();
      }
      expect(whole).toEqual(mask);
    }),
  );
});

test('an outline within its own box has the pixels of the outline on the whole image', () => {
  const point = fc
    .tuple(fc.integer({ min: -40, max: 160 }), fc.integer({ min: -40, max: 120 }))
    .map(([x, y]) => ({ x: x / 4, y: y / 4 }));
  fc.assert(
    fc.property(fc.array(point, { minLength: 3, maxLength: 8 }), (ring) => {
      const whole = polygonsToMask([ring], 30, 20);
      fc.pre(whole.data.includes(1));
      const rings = [ring.flatMap(({ x, y }) => [x, y])];
      expect(drawShapes([{ kind: 'polygon', label: 'a', unit: 'px', rings }], whole).mask).toEqual(whole);
    }),
  );
});

test('an outline too thin for the centre of a pixel does not vanish', () => {
  const rings = [[1, 5.6, 9, 5.6, 9, 5.8, 1, 5.8]];
  const { mask, problems } = drawShapes([{ kind: 'polygon', label: 'a', unit: 'px', rings }], {
    width: 12,
    height: 12,
  });
  expect(problems).toEqual([]);
  expect(mask.data.reduce((sum, value) => sum + value, 0)).toBeGreaterThanOrEqual(8);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8] as const)(
  'points and pixels are turned alike (orientation %i)',
  (turn: Orientation) => {
    const from = { width: 5, height: 3 };
    const to = turn >= 5 ? { width: 3, height: 5 } : from;
    const fit = { from, to, turn, note: null };
    for (let y = 0; y < from.height; y += 1) {
      for (let x = 0; x < from.width; x += 1) {
        const data = new Uint8Array(15);
        data[y * from.width + x] = 1;
        const [tx, ty] = movePoint(fit, x + 0.5, y + 0.5);
        expect(moveMask(data, fit).indexOf(1)).toBe(Math.floor(ty) * to.width + Math.floor(tx));
      }
    }
  },
);

test('sizes: equal, turned, scaled, or told', () => {
  const shown = { width: 120, height: 160 };
  expect(fitSizes(null, shown)).toMatchObject({ turn: 1, from: shown, note: null });
  expect(fitSizes({ width: 160, height: 120 }, shown, 6)).toMatchObject({ turn: 6, note: null });
  expect(fitSizes({ width: 320, height: 240 }, shown, 8)).toMatchObject({
    turn: 8,
    note: expect.stringMatching(/320 x 240/),
  });
  expect(fitSizes({ width: 60, height: 80 }, shown)).toMatchObject({ turn: 1, note: expect.stringMatching(/60 x 80/) });
  expect(fitSizes({ width: 160, height: 120 }, shown)).toHaveProperty('misfit');
  expect(fitSizes(shown, shown, 3)).toMatchObject({ turn: 1, note: expect.stringMatching(/mirrored/) });
  // One side alone is stated: of a copy twice as large, and of the unturned photo.
  expect(fitSizes({ width: 240, height: 0 }, shown)).toMatchObject({ turn: 1, from: { width: 240, height: 320 } });
  expect(fitSizes({ width: 0, height: 120 }, shown, 6)).toMatchObject({ turn: 6, from: { width: 160, height: 120 } });
  // None is stated: as the coordinates fit.
  expect(fitSizes(null, shown, 6, { width: 150, height: 30 })).toMatchObject({ turn: 6 });
  expect(fitSizes(null, shown, 1, { width: 125, height: 160 })).toMatchObject({ turn: 1, from: shown });
  expect(fitSizes(null, shown, 1, { width: 300, height: 100 })).toHaveProperty('misfit');
  // The sides are swapped in the label file, not in the photo that EXIF turns.
  const wrong = fitSizes({ width: 160, height: 120 }, shown, 6, { width: 110, height: 150 });
  expect(wrong).toMatchObject({ turn: 1, from: shown, note: expect.stringMatching(/wrong way round/) });
});

test('shapes that together cover the image too often are left out and told', () => {
  const size = { width: 1000, height: 1000 };
  const box = { kind: 'box', label: 'a', unit: 'px', bbox: [0, 0, 1000, 1000] } as const;
  const { parts, problems } = drawShapes(
    Array.from({ length: 300 }, () => ({ ...box, bbox: [...box.bbox] as [number, number, number, number] })),
    size,
  );
  expect(parts.length).toBeLessThan(300);
  expect(problems).toEqual([expect.stringMatching(/cover the image too often/)]);
});
