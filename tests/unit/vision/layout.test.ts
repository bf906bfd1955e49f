import fc from 'fast-check';
import { fitGrid, layOut, selectGrid, validPatches } from '@/lib/vision/layout';
import { sampleManifest } from '../../support/sample-manifest';

const { vision } = sampleManifest();
const side = fc.integer({ min: 1, max: 20_000 });
const size = fc.record({ width: side, height: side });

describe('selectGrid', () => {
  it.each([
    [392, 392, undefined],
    [490, 490, undefined],
    [490, 100, undefined],
    [491, 491, [2, 2]],
    [1000, 1000, [2, 2]],
    [1000, 500, [2, 1]],
    [500, 1000, [1, 2]],
    [1024, 768, [2, 2]],
    [1920, 1080, [2, 2]],
    [3000, 1000, [3, 1]],
    [4000, 800, [4, 1]],
    [800, 4000, [1, 4]],
    [550, 380, [2, 1]],
  ])('of %i x %i px is %p', (width, height, grid) => {
    expect(selectGrid({ width, height }, vision)).toEqual(grid);
  });

  it('turns with the image', () => {
    fc.assert(
      fc.property(size, ({ width, height }) => {
        const grid = selectGrid({ width, height }, vision);
        const turned = selectGrid({ width: height, height: width }, vision);
        // Where two grids keep equally much and pad equally, the manifest's order decides, which does not turn.
        const keeps = ([columns, rows]: [number, number], w: number, h: number) => {
          const fitted = fitGrid({ width: w, height: h }, columns, rows, vision.imageSize);
          return Math.min(fitted.width * fitted.height, w * h);
        };
        expect(grid && keeps(grid, width, height)).toBe(turned && keeps(turned, height, width));
      }),
    );
  });
});

describe('layOut', () => {
  it('fits every image into its grid, aspect kept, along one side at least', () => {
    fc.assert(
      fc.property(size, (image) => {
        const { columns, rows, fitted, views } = layOut(image, vision);
        expect(views).toHaveLength(1 + columns * rows);
        if (columns > 0) {
          const canvas = { width: columns * vision.imageSize, height: rows * vision.imageSize };
          expect(fitted.width <= canvas.width && fitted.height <= canvas.height).toBe(true);
          expect(fitted.width === canvas.width || fitted.height === canvas.height).toBe(true);
          const scale = Math.min(canvas.width / image.width, canvas.height / image.height);
          expect(Math.abs(fitted.width - image.width * scale)).toBeLessThanOrEqual(1);
          expect(Math.abs(fitted.height - image.height * scale)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('marks as valid exactly the patches whose centre shows the image', () => {
    fc.assert(
      fc.property(size, (image) => {
        const layout = layOut(image, vision);
        const valid = validPatches(layout, vision);
        const { grid, patch } = vision;
        layout.views.forEach((view, index) => {
          for (let row = 0; row < grid; row += 1) {
            for (let column = 0; column < grid; column += 1) {
              const inside =
                view.kind === 'base' ||
                ((column + 0.5) * patch + view.left < layout.fitted.width &&
                  (row + 0.5) * patch + view.top < layout.fitted.height);
              if (valid[(index * grid + row) * grid + column] !== (inside ? 1 : 0)) {
                throw new Error(`patch ${column},${row} of view ${index}`);
              }
            }
          }
        });
      }),
      { numRuns: 50 },
    );
  });
});
