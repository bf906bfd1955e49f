import fc from 'fast-check';
import { chooseVariant } from '@/lib/workbench/image/image-source';
import { clampPan, fit, imagePoint, reveal, visibleBox, zoomAt } from '@/lib/workbench/image/viewport';

const stage = { width: 800, height: 600 };
const image = { width: 8000, height: 6250 };

describe('viewport', () => {
  it('fits the whole image into the stage', () => {
    const view = fit(image, stage);
    expect(visibleBox(view, image, stage)).toEqual([0, 0, 8000, 6250]);
    expect(view.x).toBeGreaterThanOrEqual(16);
  });

  it('keeps the point under the cursor where it is', () => {
    const coordinate = fc.double({ min: 0, max: 600, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 5, noNaN: true }), coordinate, coordinate, (factor, x, y) => {
        const before = fit(image, stage);
        const after = zoomAt(before, factor, x, y, 0.001);
        expect((x - after.x) / after.scale).toBeCloseTo((x - before.x) / before.scale, 4);
        expect((y - after.y) / after.scale).toBeCloseTo((y - before.y) / before.scale, 4);
      }),
    );
  });

  it('never lets the image leave the stage', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -1e6, max: 1e6 }), (x, y) => {
        expect(visibleBox(clampPan({ scale: 0.5, x, y }, image, stage), image, stage)).not.toBeNull();
      }),
    );
  });

  it('reveals a region in the middle', () => {
    const view = reveal([4000, 3000, 200, 100], stage, 0.01);
    expect(imagePoint(view, image, 400, 300)).toEqual({ x: 4100, y: 3050 });
    expect(view.scale).toBeLessThanOrEqual(8);
  });

  it('names no pixel beside the image', () => {
    const view = fit(image, stage);
    expect(imagePoint(view, image, 0, 0)).toBeNull();
  });
});

describe('chooseVariant', () => {
  it('takes the smallest stored width that is sharp enough, else the full size', () => {
    expect(chooseVariant(100, 8000)).toBe(160);
    expect(chooseVariant(700, 8000)).toBe(1280);
    expect(chooseVariant(4000, 8000)).toBeNull();
    expect(chooseVariant(500, 525)).toBeNull();
  });
});
