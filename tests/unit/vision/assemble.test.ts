import fc from 'fast-check';
import { assembleViews, boundSize } from '@/lib/vision/assemble';
import { type Layout, layOut } from '@/lib/vision/layout';
import { sampleManifest } from '../../support/sample-manifest';

const { vision } = sampleManifest();
/** As SigLIP at 384 px: the patches leave a margin of 6 px at the right and at the bottom of every view. */
const siglip = { ...vision, imageSize: 384, grid: 27 };
const size = fc.record({ width: fc.integer({ min: 8, max: 1500 }), height: fc.integer({ min: 8, max: 1500 }) });

/** Sizes whose every view has enough valid patches along both axes for a smooth map. */
const ordinarySize = fc.record({
  width: fc.integer({ min: 400, max: 1500 }),
  height: fc.integer({ min: 400, max: 1500 }),
});

/** Values of every view's cells, given by where the cell's centre lies in the image (fractions of its sides). */
function sampleCells(layout: Layout, value: (x: number, y: number) => number, { grid, patch } = vision): Float32Array {
  const values = new Float32Array(layout.views.length * grid * grid);
  layout.views.forEach((view, index) => {
    for (let cell = 0; cell < grid * grid; cell += 1) {
      const x = (((cell % grid) + 0.5) * patch + view.left) / view.scaleX / layout.image.width;
      const y = ((Math.floor(cell / grid) + 0.5) * patch + view.top) / view.scaleY / layout.image.height;
      values[index * grid * grid + cell] = value(x, y);
    }
  });
  return values;
}

const assemble = (
  layout: Layout,
  values: Float32Array,
  out: { width: number; height: number },
  { grid, patch } = vision,
) => assembleViews(layout, { values, side: grid, step: patch }, out);

describe('assembleViews', () => {
  it.each([vision, siglip])('gives a constant back and never samples padding, patches $grid x $grid', (sizes) => {
    fc.assert(
      fc.property(size, (image) => {
        const layout = layOut(image, sizes);
        const values = sampleCells(layout, (x, y) => (x <= 1 && y <= 1 ? 0.25 : 99), sizes);
        const map = assemble(layout, values, boundSize(image, { longest: 64 }), sizes);
        expect(map.every((value) => Math.abs(value - 0.25) < 1e-5)).toBe(true);
      }),
    );
  });

  it.each([vision, siglip])('puts every place of the image where it belongs, patches $grid x $grid', (sizes) => {
    fc.assert(
      fc.property(ordinarySize, (image) => {
        const layout = layOut(image, sizes);
        const out = boundSize(image, { longest: 100 });
        const cells = sampleCells(layout, (x, y) => x + 2 * y, sizes);
        const map = assemble(layout, cells, out, sizes);
        for (let y = 0; y < out.height; y += 1) {
          for (let x = 0; x < out.width; x += 1) {
            const [u, v] = [(x + 0.5) / out.width, (y + 0.5) / out.height];
            // Beyond the outermost centres a map is continued, so only what lies between them is exact.
            if (Math.min(u, v) > 0.08 && Math.max(u, v) < 0.92) {
              expect(Math.abs((map[y * out.width + x] ?? 0) - (u + 2 * v))).toBeLessThan(0.01);
            }
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('averages the base view with the tiles', () => {
    const layout = layOut({ width: 784, height: 784 }, vision);
    const values = new Float32Array(5 * vision.grid ** 2);
    values.fill(1, 0, vision.grid ** 2);
    expect([...assemble(layout, values, { width: 2, height: 2 })]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
});

describe('boundSize', () => {
  it('keeps within both bounds and never enlarges', () => {
    fc.assert(
      fc.property(
        size,
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (image, longest, area) => {
          const bounded = boundSize(image, { longest, area });
          expect(bounded.width >= 1 && bounded.height >= 1).toBe(true);
          expect(bounded.width <= image.width && bounded.height <= image.height).toBe(true);
          expect(Math.max(bounded.width, bounded.height)).toBeLessThanOrEqual(longest);
          if (Math.min(bounded.width, bounded.height) > 1) {
            expect(bounded.width * bounded.height).toBeLessThanOrEqual(area);
          }
        },
      ),
    );
  });
});
