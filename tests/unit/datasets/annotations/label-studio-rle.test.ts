import fc from 'fast-check';
import { decodeBrush, encodeBrush } from '@/lib/datasets/annotations/label-studio-rle';
import { arbitraryMask } from '../../segmentation/arbitrary-mask';

test('a brush gives its mask back', () => {
  fc.assert(
    fc.property(arbitraryMask, (mask) => {
      const alpha = decodeBrush(encodeBrush(mask.data), mask.data.length);
      expect(Array.from(alpha, (value) => (value > 127 ? 1 : 0))).toEqual(Array.from(mask.data));
    }),
  );
});

test('reads values that are not in runs, as the format allows', () => {
  // One pixel RGBA 1 2 3 200 as four values without a run; sizes 3, 4, 8, 16.
  const bits = [
    (4).toString(2).padStart(32, '0'),
    '00111',
    '0010001101111111',
    '0',
    '00',
    '011',
    ...[1, 2, 3, 200].map((value) => value.toString(2).padStart(8, '0')),
  ].join('');
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
  expect(Array.from(decodeBrush(bytes, 1))).toEqual([200]);
});

test('refuses a brush that is cut off, of another size, or longer than it says', () => {
  const whole = encodeBrush(new Uint8Array(100).fill(1, 20, 60));
  expect(() => decodeBrush(whole.slice(0, -2), 100)).toThrow(/cut off/);
  expect(() => decodeBrush(whole, 99)).toThrow(/has 100 px, the image 99 px/);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        expect(decodeBrush(bytes, 16)).toHaveLength(16);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});
