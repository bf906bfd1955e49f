import fc from 'fast-check';
import sharp from 'sharp';
import { bmpToPng, looksLikeBmp } from '@/lib/vision/bmp';

/** A bitmap of 3 x 2 px: red, green, blue over black, grey, white. */
function bitmap(depth: 8 | 24 | 32, topDown: boolean): Uint8Array {
  const colours = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [0, 0, 0],
    [128, 128, 128],
    [255, 255, 255],
  ] as const;
  const palette = depth === 8 ? colours.length * 4 : 0;
  const stride = Math.ceil((3 * depth) / 32) * 4;
  const bytes = new Uint8Array(54 + palette + stride * 2);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, 54 + palette, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, 3, true);
  view.setInt32(22, topDown ? -2 : 2, true);
  view.setUint16(28, depth, true);
  colours.forEach(([r, g, b], index) => {
    const y = index < 3 ? 0 : 1;
    const at = 54 + palette + (topDown ? y : 1 - y) * stride + ((index % 3) * depth) / 8;
    if (depth === 8) {
      bytes.set([b, g, r, 0], 54 + index * 4);
      bytes[at] = index;
    } else {
      bytes.set([b, g, r], at);
    }
  });
  return bytes;
}

describe('bmpToPng', () => {
  it.each([
    [8, false],
    [24, false],
    [24, true],
    [32, true],
  ] as const)('reads %d bits, top down: %s', async (depth, topDown) => {
    const bytes = bitmap(depth, topDown);
    expect(looksLikeBmp(bytes)).toBe(true);
    const { data, info } = await sharp(await bmpToPng(bytes))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([3, 2, 3]);
    expect([...data]).toEqual([255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 128, 128, 128, 255, 255, 255]);
  });

  it('says what is wrong, whatever bytes are changed', async () => {
    await expect(bmpToPng(bitmap(24, false).slice(0, 60))).rejects.toThrow('cut off');
    const compressed = bitmap(8, false);
    compressed[30] = 1;
    await expect(bmpToPng(compressed)).rejects.toThrow('save it as PNG');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(53), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = bitmap(24, false);
        changes.forEach(([at, value]) => (bytes[at] = value));
        const outcome = await bmpToPng(bytes).catch((error: unknown) => error);
        expect(outcome instanceof Uint8Array || outcome instanceof RangeError).toBe(true);
      }),
    );
  });
});
