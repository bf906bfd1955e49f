import fc from 'fast-check';
import { componentRle, drawComponent, findComponents } from '@/lib/segmentation/components';
import { type Mask, createMask } from '@/lib/segmentation/mask';
import { decodeRle, encodeRle } from '@/lib/segmentation/rle';
import { arbitraryMask } from './arbitrary-mask';

/** The number of components by flood fill, the slow and obvious way. */
function countByFlooding({ width, height, data }: Mask): number {
  const left = data.slice();
  let count = 0;
  for (let start = left.indexOf(1); start !== -1; start = left.indexOf(1)) {
    count += 1;
    const stack = [start];
    left[start] = 0;
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const [x, y] = [i % width, Math.floor(i / width)];
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          if (left[ny * width + nx] === 1) {
            left[ny * width + nx] = 0;
            stack.push(ny * width + nx);
          }
        }
      }
    }
  }
  return count;
}

describe('connected components', () => {
  it('finds as many as flood fill, and together they are the mask', () => {
    fc.assert(
      fc.property(arbitraryMask, (mask) => {
        const components = findComponents(mask);
        expect(components).toHaveLength(countByFlooding(mask));
        const drawn = createMask(mask.width, mask.height);
        components.forEach((component) => drawComponent(drawn, component));
        expect(drawn).toEqual(mask);
      }),
      { numRuns: 300 },
    );
  });

  it('knows area, bounding box and RLE of each', () => {
    fc.assert(
      fc.property(arbitraryMask, (mask) => {
        for (const component of findComponents(mask)) {
          const alone = createMask(mask.width, mask.height);
          drawComponent(alone, component);
          const rle = componentRle(component, mask.width, mask.height);
          expect(rle).toEqual(encodeRle(alone));
          expect(decodeRle(rle)).toEqual(alone);
          const set = [...alone.data.keys()].filter((i) => alone.data[i] === 1);
          const xs = set.map((i) => i % mask.width);
          const ys = set.map((i) => Math.floor(i / mask.width));
          const [left, top] = [Math.min(...xs), Math.min(...ys)];
          expect(component.bbox).toEqual([left, top, Math.max(...xs) - left + 1, Math.max(...ys) - top + 1]);
          expect(component.area).toBe(set.length);
        }
      }),
    );
  });
});
