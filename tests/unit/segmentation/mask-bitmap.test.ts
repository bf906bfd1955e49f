import fc from 'fast-check';
import { paintMask, rasteriseRle, uniteBitmaps } from '@/lib/segmentation/mask-bitmap';

/** COCO run lengths of a mask given as rows. */
function encode(rows: number[][]): { size: [number, number]; counts: number[] } {
  const height = rows.length;
  const width = rows[0]?.length ?? 0;
  const counts: number[] = [];
  let value = 0;
  let run = 0;
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) {
      const pixel = rows[y]?.[x] ?? 0;
      if (pixel !== value) {
        counts.push(run);
        run = 0;
        value = pixel;
      }
      run += 1;
    }
  }
  return { size: [height, width], counts: [...counts, run] };
}

const mask = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([height, width]) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: width, maxLength: width }), {
    minLength: height,
    maxLength: height,
  }),
);

describe('rasteriseRle', () => {
  it('draws every pixel of a mask at full size', () => {
    fc.assert(
      fc.property(mask, (rows) => {
        const bitmap = rasteriseRle(encode(rows), 100);
        expect([...bitmap.data]).toEqual(rows.flat());
      }),
    );
  });

  it('loses no part of a mask when it is drawn smaller', () => {
    fc.assert(
      fc.property(mask, fc.integer({ min: 1, max: 6 }), (rows, side) => {
        const { data, width, height } = rasteriseRle(encode(rows), side);
        expect(Math.max(width, height)).toBeLessThanOrEqual(Math.max(side, 1));
        expect(data.some(Boolean)).toBe(rows.flat().some(Boolean));
      }),
    );
  });

  it('refuses runs that do not fill the size', () => {
    expect(() => rasteriseRle({ size: [2, 2], counts: [3] }, 10)).toThrow('Mask runs cover 3 pixels; 2 x 2 need 4');
  });
});

it('uniteBitmaps marks what any mask marks', () => {
  const one = rasteriseRle({ size: [1, 3], counts: [0, 1, 2] }, 10);
  const two = rasteriseRle({ size: [1, 3], counts: [2, 1] }, 10);
  expect([...(uniteBitmaps([one, two])?.data ?? [])]).toEqual([1, 0, 1]);
  expect(uniteBitmaps([])).toBeNull();
});

it('paintMask makes edges opaque and leaves the rest of the image alone', () => {
  const full = { width: 3, height: 3, data: new Uint8Array(9).fill(1) };
  const pixels = paintMask(full, [1, 2, 3]);
  expect([...pixels.slice(0, 4)]).toEqual([1, 2, 3, 255]);
  expect([...pixels.slice(16, 20)]).toEqual([1, 2, 3, 150]);
  expect(paintMask({ ...full, data: new Uint8Array(9) }, [1, 2, 3]).some(Boolean)).toBe(false);
});
