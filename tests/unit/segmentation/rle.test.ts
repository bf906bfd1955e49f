import fc from 'fast-check';
import { maskArea } from '@/lib/segmentation/mask';
import { compressCounts, decodeRle, decompressCounts, encodeRle, rleArea } from '@/lib/segmentation/rle';
import { arbitraryMask } from './arbitrary-mask';

describe('COCO run-length encoding', () => {
  it('runs down the columns and starts with the zeros', () => {
    const mask = { width: 2, height: 3, data: Uint8Array.from([1, 0, 1, 1, 0, 1]) };
    expect(encodeRle(mask)).toEqual({ size: [3, 2], counts: [0, 2, 2, 2] });
  });

  it('gives every mask back, and its area', () => {
    fc.assert(
      fc.property(arbitraryMask, (mask) => {
        const rle = encodeRle(mask);
        expect(decodeRle(rle)).toEqual(mask);
        expect(rleArea(rle)).toBe(maskArea(mask));
      }),
    );
  });

  it('writes and reads the compressed form', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50_000_000 })), (counts) => {
        expect(decompressCounts(compressCounts(counts))).toEqual(counts);
      }),
    );
  });

  it('reads and writes what pycocotools wrote', () => {
    // pycocotools.mask.encode of a 7 x 9 mask (height x width) whose pixels 5..14 and 31 in column-major order are set.
    const counts = [5, 10, 16, 1, 31];
    expect(compressCounts(counts)).toBe('5:`0G?');
    expect(decompressCounts('5:`0G?')).toEqual(counts);
  });

  it.each([
    { counts: [3, 4], reason: 'more than the size' },
    { counts: [3, 2], reason: 'less than the size' },
    { counts: [-1, 7], reason: 'a negative count' },
    { counts: [1.5, 4.5], reason: 'a broken count' },
  ])('refuses $reason', ({ counts }) => {
    expect(() => decodeRle({ size: [2, 3], counts })).toThrow(RangeError);
  });

  it.each(['\u007f', 'o', '5 '])('refuses the damaged text %j', (text) => {
    expect(() => decompressCounts(text)).toThrow(RangeError);
  });

  it('never hangs or returns negative counts on arbitrary text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(decompressCounts(text).every((count) => count >= 0)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
