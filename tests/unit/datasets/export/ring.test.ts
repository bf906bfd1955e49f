import fc from 'fast-check';
import { drawShapes } from '@/lib/datasets/annotations/shapes';
import { joinRings } from '@/lib/datasets/export/ring';
import { maskToPolygons } from '@/lib/segmentation/polygon';
import { arbitraryMask } from '../../segmentation/arbitrary-mask';

test('one ring of fractions with eight digits keeps every pixel, holes and separate pieces too', () => {
  fc.assert(
    fc.property(arbitraryMask, (mask) => {
      fc.pre(mask.data.includes(1));
      const { width, height } = mask;
      const ring = joinRings(maskToPolygons(mask)).flatMap(({ x, y }) => [
        Number((x / width).toFixed(8)),
        Number((y / height).toFixed(8)),
      ]);
      const { mask: drawn } = drawShapes([{ kind: 'polygon', label: 'a', unit: 'fraction', rings: [ring] }], mask);
      expect(Array.from(drawn.data)).toEqual(Array.from(mask.data));
    }),
  );
});
