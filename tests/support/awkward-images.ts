import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const photo = join(__dirname, '../fixtures/images/cookie-cracked-1.jpg');

/** Images that are no good, by name. */
const bad: Record<string, () => Promise<Uint8Array>> = {
  'not-an-image.jpg': () => Promise.resolve(Buffer.from('This is a letter, not a picture.\n')),
  'truncated.jpg': async () => (await readFile(photo)).subarray(0, 20_000),
  'empty.png': () => Promise.resolve(Buffer.alloc(0)),
  'drawing.svg': () => Promise.resolve(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')),
  'huge.png': () =>
    sharp({ create: { width: 20_000, height: 20_000, channels: 3, background: '#808080' }, limitInputPixels: false })
      .png({ compressionLevel: 1 })
      .toBuffer(),
};

/** Unusual images that are read all the same, by name. */
const unusual: Record<string, () => Promise<Uint8Array>> = {
  'sixteen-bit.png': () => sharp(photo).toColourspace('rgb16').png().toBuffer(),
  'cmyk.jpg': () => sharp(photo).toColourspace('cmyk').jpeg().toBuffer(),
  'rotated.jpg': () => sharp(photo).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer(),
  'transparent.png': () => sharp(photo).ensureAlpha(0.9).png().toBuffer(),
  'animated.gif': async () => {
    const frame = await sharp(photo).resize(120, 160, { fit: 'fill' }).raw().toBuffer();
    const frames = Buffer.concat([frame, Buffer.alloc(frame.length, 90)]);
    return sharp(frames, { raw: { width: 120, height: 320, channels: 3, pageHeight: 160 } })
      .gif({ delay: [100, 100] })
      .toBuffer();
  },
};

export const badNames = Object.keys(bad);
export const unusualNames = Object.keys(unusual);

/** Writes all of them into a folder. */
export async function writeAwkwardImages(folder: string): Promise<void> {
  for (const [name, make] of Object.entries({ ...bad, ...unusual })) {
    await writeFile(join(folder, name), await make());
  }
}
