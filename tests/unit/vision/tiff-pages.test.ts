import fc from 'fast-check';
import sharp from 'sharp';
import { EngineError } from '@/lib/engine/errors';
import { decodeImage } from '@/lib/vision/decode';
import { countTiffPages, extractTiffPage, readBytesAt } from '@/lib/vision/tiff-pages';
import { makeTiff, type TiffOptions } from '../../support/tiff';

const page = (width: number, height: number, first: number) => ({
  width,
  height,
  values: Array.from({ length: width * height * 3 }, (_, i) => first + i),
});
const stack = (options: TiffOptions) => makeTiff([page(5, 4, 10), page(3, 7, 60), page(6, 2, 120)], options);
const samples = async (bytes: Uint8Array, at = 0) =>
  (await decodeImage(bytes, { page: at, window: { low: 0, high: 255 } })).pixels;

describe('pages of a TIFF', () => {
  it.each<TiffOptions>([
    { bits: 8 },
    { bits: 8, bands: 3 },
    { bits: 16 },
    { bits: 16, bigTiff: true },
    { bits: 32, samples: 'float' },
    { bits: 32, samples: 'float', bigTiff: true },
  ])('are files of their own with the same samples (%j)', async (options) => {
    const whole = stack(options);
    expect(await countTiffPages(readBytesAt(whole))).toBe(3);
    for (const index of [0, 1, 2]) {
      const single = await extractTiffPage(readBytesAt(whole), index);
      expect((await sharp(single).metadata()).pages ?? 1).toBe(1);
      expect(await samples(single)).toEqual(await samples(whole, index));
    }
  });

  it.each([
    ['deflate', {}],
    ['lzw', {}],
    ['jpeg', {}],
    ['deflate', { tile: true, tileWidth: 16, tileHeight: 16 }],
    ['none', { pyramid: true, tile: true, tileWidth: 16, tileHeight: 16 }],
  ] as const)('keep their compression (%s %j), and reduced copies are no pages', async (compression, more) => {
    const noise = Buffer.from(Array.from({ length: 200 * 150 * 3 }, (_, i) => (i * 7919) % 256));
    const whole = await sharp(noise, { raw: { width: 200, height: 150, channels: 3 } })
      .tiff({ compression, ...more })
      .toBuffer();
    expect(await countTiffPages(readBytesAt(whole))).toBe(1);
    const single = await extractTiffPage(readBytesAt(whole), 0);
    expect((await decodeImage(single)).pixels).toEqual((await decodeImage(whole)).pixels);
  });

  it('names a page that is not there', async () => {
    await expect(extractTiffPage(readBytesAt(stack({ bits: 8 })), 3)).rejects.toThrow(
      'There is no page 4: the file has 3 pages.',
    );
    await expect(extractTiffPage(readBytesAt(Buffer.from('no tiff at all')), 0)).rejects.toThrow('is no TIFF');
  });

  it('follows no circle, and fails by a named error alone, whatever bytes are changed', async () => {
    const whole = stack({ bits: 16 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(whole);
        changes.forEach(([at, value]) => (bytes[at] = value));
        expect(await countTiffPages(readBytesAt(bytes))).toBeGreaterThan(0);
        const outcome: unknown = await extractTiffPage(readBytesAt(bytes), 1).catch((error: unknown) => error);
        expect(outcome instanceof EngineError || Buffer.isBuffer(outcome)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('made-up directories', () => {
  /** Counts what is read of a file. */
  function counted(bytes: Buffer) {
    const seen = { all: 0, most: 0 };
    const read = readBytesAt(bytes);
    const readCounted: typeof read = (offset, length) => {
      seen.all += length;
      seen.most = Math.max(seen.most, length);
      return read(offset, length);
    };
    return { seen, read: readCounted };
  }

  it('that overlap are not all followed', async () => {
    const [count, directories, first] = [4_000, 9_000, 8];
    const file = Buffer.alloc(first + 2 + count * 12 + 4 * directories + 16);
    file.write('II*\0', 'latin1');
    file.writeUInt32LE(first, 4);
    for (let i = 0; i < directories; i += 1) {
      file.writeUInt16LE(count, first + 4 * i);
      file.writeUInt32LE(first + 4 * (i + 1), first + 4 * i + 2 + count * 12);
    }
    const { seen, read } = counted(file);
    expect(await countTiffPages(read)).toBe(1);
    await expect(extractTiffPage(read, 0)).rejects.toThrow(EngineError);
    // Each pass stops at 400,000 entries of 12 bytes, and one directory more.
    expect(seen.all).toBeLessThan(2 * (400_000 + count) * 12 + 100_000);
  });

  it('with a kind of millions of values are asked for one', async () => {
    const file = Buffer.alloc(8 + 2 + 12 + 4 + 2 ** 23);
    file.write('II*\0', 'latin1');
    file.writeUInt32LE(8, 4);
    file.writeUInt16LE(1, 8);
    file.writeUInt16LE(254, 10);
    file.writeUInt16LE(3, 12);
    file.writeUInt32LE(2 ** 22, 14);
    file.writeUInt32LE(26, 18);
    const { seen, read } = counted(file);
    expect(await countTiffPages(read)).toBe(1);
    expect(seen.most).toBeLessThan(100);
  });
});
