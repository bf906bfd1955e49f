import fc from 'fast-check';
import type { Mask } from '@/lib/segmentation/mask';

/** Masks of up to 24 x 24 px: noise, whose components and outlines are as tangled as can be. */
export const arbitraryMask: fc.Arbitrary<Mask> = fc
  .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, data: Uint8Array.from(values) })),
  );
