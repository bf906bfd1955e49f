import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { MAX_IMAGE_BYTES, decodeImage, readImageHeader } from '@/lib/vision/decode';
import { IMAGE_MIMES, sniffImage } from '@/lib/vision/sniff';
import { pngBomb } from '../../support/malformed';

/** A 40 x 30 px picture: red above, blue below. */
const picture = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#0000ff' } }).composite([
    { input: { create: { width: 40, height: 15, channels: 3, background: '#ff0000' } }, top: 0, left: 0 },
  ]);

const pixel = (image: { width: number; pixels: Uint8Array }, x: number, y: number) => [
  ...image.pixels.subarray((y * image.width + x) * 3, (y * image.width + x) * 3 + 3),
];

const isNear = (actual: number[], expected: number[], tolerance = 8) =>
  actual.every((value, i) => Math.abs(value - (expected[i] ?? 0)) <= tolerance);

describe('decodeImage', () => {
  it.each([
    ['JPEG', () => picture().jpeg().toBuffer(), 'image/jpeg'],
    ['PNG', () => picture().png().toBuffer(), 'image/png'],
    ['palette PNG', () => picture().png({ palette: true }).toBuffer(), 'image/png'],
    ['WebP', () => picture().webp({ lossless: true }).toBuffer(), 'image/webp'],
    ['GIF', () => picture().gif().toBuffer(), 'image/gif'],
    ['TIFF', () => picture().tiff().toBuffer(), 'image/tiff'],
    ['AVIF', () => picture().avif({ quality: 90 }).toBuffer(), 'image/avif'],
    ['16-bit PNG', () => picture().toColourspace('rgb16').png().toBuffer(), 'image/png'],
  ])('reads %s', async (_, encode, mime) => {
    const image = await decodeImage(await encode());
    expect(image).toMatchObject({ width: 40, height: 30, mime });
    expect(image.pixels).toHaveLength(40 * 30 * 3);
    expect(isNear(pixel(image, 20, 4), [255, 0, 0])).toBe(true);
    expect(isNear(pixel(image, 20, 26), [0, 0, 255])).toBe(true);
    expect(image.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('converts CMYK to colours near the original', async () => {
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#406080' } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    const image = await decodeImage(bytes);
    expect(isNear(pixel(image, 4, 4), [0x40, 0x60, 0x80], 24)).toBe(true);
  });

  it('applies the EXIF orientation', async () => {
    const image = await decodeImage(await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect(image).toMatchObject({ width: 30, height: 40 });
    expect(isNear(pixel(image, 26, 20), [255, 0, 0], 16)).toBe(true);
    expect(isNear(pixel(image, 3, 20), [0, 0, 255], 16)).toBe(true);
  });

  it('lays transparency on white', async () => {
    const bytes = await sharp({
      create: { width: 4, height: 4, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    expect(pixel(await decodeImage(bytes), 1, 1)).toEqual([255, 255, 255]);
  });

  it('repeats grey in three channels, with and without alpha, 8 and 16 bit', async () => {
    const grey = sharp({ create: { width: 4, height: 4, channels: 3, background: '#808080' } }).greyscale();
    for (const bytes of [
      await grey.clone().png().toBuffer(),
      await grey.clone().toColourspace('grey16').png().toBuffer(),
      await grey.clone().ensureAlpha().png().toBuffer(),
    ]) {
      const [r = 0, g, b] = pixel(await decodeImage(bytes), 2, 2);
      expect(Math.abs(r - 0x80)).toBeLessThanOrEqual(1);
      expect([g, b]).toEqual([r, r]);
    }
  });

  it('takes the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(10 * 10 * 3, 200), Buffer.alloc(10 * 10 * 3, 20)]);
    const bytes = await sharp(frames, { raw: { width: 10, height: 20, channels: 3, pageHeight: 10 } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    expect(await readImageHeader(bytes)).toMatchObject({ width: 10, height: 10, frames: 2 });
    const image = await decodeImage(bytes);
    expect(image).toMatchObject({ width: 10, height: 10 });
    expect(isNear(pixel(image, 5, 5), [200, 200, 200])).toBe(true);
  });

  it('refuses 20,000 x 20,000 px by the header alone', async () => {
    const bytes = await sharp({
      create: { width: 20_000, height: 20_000, channels: 3, background: '#ffffff' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await expect(decodeImage(bytes)).rejects.toMatchObject({
      code: 'image_too_many_pixels',
      message: expect.stringContaining('20000 x 20000 px (400 megapixels), the limit is 50') as string,
    });
  });

  it('does not name the limit as the size of what is just above it (case i07)', async () => {
    await expect(decodeImage(pngBomb(7100, 7100, 16))).rejects.toThrow('(50.4 megapixels), the limit is 50 megapixels');
    await expect(decodeImage(pngBomb(50_001, 1000, 16))).rejects.toThrow('(50,001,000 pixels), the limit is 50 megap');
  });

  it('reads a HEIC photo (case i06), and names its damage', async () => {
    const bytes = await readFile(join(__dirname, '../../fixtures/images/plate.heic'));
    const image = await decodeImage(bytes);
    expect(image).toMatchObject({ width: 160, height: 120, mime: 'image/heic' });
    expect(isNear(pixel(image, 2, 2), [152, 142, 132], 8)).toBe(true);
    await expect(decodeImage(bytes.subarray(0, 2000))).rejects.toMatchObject({ code: 'unreadable_image' });
  });

  it('refuses too many bytes without looking at them', async () => {
    await expect(decodeImage(Buffer.alloc(MAX_IMAGE_BYTES + 1))).rejects.toMatchObject({ code: 'image_too_large' });
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'unreadable_image', /0 bytes/],
    ['text', Buffer.from('hello, I am a picture'), 'unsupported_image', /not an image/],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'unsupported_image', /SVG/],
    ['SVG behind XML', Buffer.from('\ufeff<?xml version="1.0"?><svg/>'), 'unsupported_image', /SVG/],
    ['PDF', Buffer.from('%PDF-1.7 ...'), 'unsupported_image', /PDF document: export/],
    ['a PNG head alone', Buffer.from('89504e470d0a1a0a', 'hex'), 'unreadable_image', /damaged or cut off/],
  ])('refuses %s', async (_, bytes, code, message) => {
    await expect(decodeImage(bytes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  it('refuses every image that is cut off, with one line', async () => {
    const noise = sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    });
    const whole = [await noise.clone().jpeg().toBuffer(), await noise.clone().png().toBuffer()];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        async (bytes, part) => {
          await expect(decodeImage(bytes.subarray(0, Math.floor(bytes.length * part)))).rejects.toMatchObject({
            code: 'unreadable_image',
            message: expect.stringMatching(/^[^\n]+$/) as string,
          });
        },
      ),
      { numRuns: 30 },
    );
  });
});

it('sniffs no image in arbitrary bytes that do not begin like one, and never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect([undefined, ...IMAGE_MIMES]).toContain(sniffImage(bytes));
    }),
  );
});
