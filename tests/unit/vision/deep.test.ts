import fc from 'fast-check';
import sharp from 'sharp';
import { decodeImage } from '@/lib/vision/decode';
import { makeTiff, type TiffOptions } from '../../support/tiff';

const [WIDTH, HEIGHT] = [64, 48];

/** Values from `low` to `high`, rising from the first pixel to the last, the same in every band. */
function ramp(low: number, high: number, bands = 1) {
  const pixels = WIDTH * HEIGHT;
  const values = Array.from(
    { length: pixels * bands },
    (_, i) => low + ((high - low) * Math.floor(i / bands)) / (pixels - 1),
  );
  return { width: WIDTH, height: HEIGHT, values };
}

const rounded = (page: ReturnType<typeof ramp>) => ({ ...page, values: page.values.map(Math.round) });

/** Grey of the first pixel, the middle and the last. */
function greys({ pixels }: { pixels: Uint8Array }): number[] {
  const middle = 3 * Math.floor(pixels.length / 6);
  return [pixels[0] ?? -1, pixels[middle] ?? -1, pixels.at(-1) ?? -1];
}

const png16 = (values: readonly number[]) =>
  sharp(Uint16Array.from(values), { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();

describe('the range of values (case i01)', () => {
  it.each([
    [8, 200],
    [10, 900],
    [12, 4095],
    [14, 9000],
  ])('reads values of %d bits in 16 by what they use, in PNG and TIFF alike, and says so', async (bits, high) => {
    const page = rounded(ramp(0, high));
    const white = 2 ** bits - 1;
    for (const bytes of [makeTiff([page], { bits: 16 }), await png16(page.values)]) {
      const image = await decodeImage(bytes);
      const [first, middle, last] = greys(image);
      expect([first, last]).toEqual([0, Math.round((high / white) * 255)]);
      expect(Math.abs((middle ?? 0) - (high / white) * 127.5)).toBeLessThanOrEqual(1);
      expect(image.notes).toEqual([expect.stringContaining(`${bits} bits of a deeper file: read from 0 (black) to`)]);
      expect(image.range).toEqual({ low: 0, high: white, rule: 'bits' });
    }
  });

  it('leaves 16 bit images that use their range as they are, without a word', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2 ** 14, max: 65535 }), async (high) => {
        const page = rounded(ramp(0, high));
        const image = await decodeImage(makeTiff([page], { bits: 16 }));
        const plain = await sharp(await png16(page.values))
          .flatten({ background: '#ffffff' })
          .toColourspace('srgb')
          .raw({ depth: 'uchar' })
          .toBuffer({ resolveWithObject: true });
        expect(image.notes).toEqual([]);
        const isSame = image.pixels.every((value, i) => value === plain.data[Math.floor(i / 3) * plain.info.channels]);
        expect(isSame).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it.each<[string, TiffOptions, [number, number], RegExp]>([
    ['float from 0 to 1', { bits: 32, samples: 'float' }, [0, 1], /from 0 \(black\) to 1 \(white\)/],
    ['float of any range', { bits: 32, samples: 'float' }, [-40.5, 812.25], /99\.8 %/],
    ['signed 16 bit', { bits: 16, samples: 'int' }, [-1024, 3071], /99\.8 %/],
    ['signed 8 bit', { bits: 8, samples: 'int' }, [-100, 100], /99\.8 %/],
    ['unsigned 32 bit', { bits: 32 }, [0, 5_000_000], /99\.8 %/],
    ['signed 32 bit', { bits: 32, samples: 'int' }, [-70_000, 70_000], /99\.8 %/],
  ])('reads %s from black to white', async (_, options, [low, high], note) => {
    const page = options.samples === 'float' ? ramp(low, high) : rounded(ramp(low, high));
    const image = await decodeImage(makeTiff([page], options));
    const [first = 255, middle = 0, last = 0] = greys(image);
    expect(first).toBeLessThanOrEqual(1);
    expect(Math.abs(middle - 127.5)).toBeLessThanOrEqual(2);
    expect(last).toBeGreaterThanOrEqual(254);
    expect(image.notes).toEqual([expect.stringMatching(note)]);
  });

  it('is not led astray by hot pixels and marks for missing values', async () => {
    const page = ramp(20.5, 35.5);
    page.values[100] = NaN;
    page.values[200] = -3.4e38;
    page.values[300] = 90_000;
    const image = await decodeImage(makeTiff([page], { bits: 32, samples: 'float' }));
    const [first = 255, middle = 0, last = 0] = greys(image);
    expect(first).toBeLessThanOrEqual(1);
    expect(Math.abs(middle - 127.5)).toBeLessThanOrEqual(2);
    expect(last).toBeGreaterThanOrEqual(254);
  });

  it.each([
    [0.0005, 4095, [0, 128, 255]],
    [0.002, 4095, [0, 8, 16]],
  ])('takes 65,535 for a mark where %d of the values have it', async (share, high, expected) => {
    const page = rounded(ramp(0, high));
    const count = Math.ceil(page.values.length * share);
    page.values.fill(65535, 100, 100 + count);
    const image = await decodeImage(makeTiff([page], { bits: 16 }));
    expect(greys(image).map((grey, i) => Math.abs(grey - (expected[i] ?? -9)) <= 1)).toEqual([true, true, true]);
    expect(image.pixels[300]).toBe(255);
  });

  it('leaves a picture of black and a few white pixels as it is', async () => {
    const page = rounded(ramp(0, 0));
    page.values[100] = 65535;
    const image = await decodeImage(makeTiff([page], { bits: 16 }));
    expect([image.pixels[297], image.pixels[300]]).toEqual([0, 255]);
  });

  it('reads colours of 12 bits, and keeps white where white is 0', async () => {
    const colours = rounded(ramp(0, 4095, 3));
    expect(greys(await decodeImage(makeTiff([colours], { bits: 16, bands: 3 })))).toEqual([0, 128, 255]);
    const inverted = await decodeImage(makeTiff([rounded(ramp(0, 4095))], { bits: 16, photometric: 0 }));
    expect(greys(inverted)).toEqual([255, 127, 0]);
  });

  it('shows the values that were chosen', async () => {
    const bytes = makeTiff([rounded(ramp(0, 65535))], { bits: 16 });
    const image = await decodeImage(bytes, { window: { low: 0, high: 32767 } });
    expect(greys(image)).toEqual([0, 255, 255]);
    expect(image.notes).toEqual([expect.stringContaining('as chosen')]);
  });

  it('decodes one value throughout, whatever it is', async () => {
    for (const value of [-5, 0, 0.25, 1, 2000.5]) {
      const image = await decodeImage(makeTiff([ramp(value, value)], { bits: 32, samples: 'float' }));
      expect(image.pixels).toHaveLength(WIDTH * HEIGHT * 3);
    }
  });
});

describe('bands and pages (cases i05, i08)', () => {
  it.each([
    [5, 8, undefined],
    [4, 8, 1],
    [12, 8, 1],
    [5, 16, undefined],
  ] as const)('shows the first three of %d bands (%d bit)', async (bands, bits, photometric) => {
    const values = Array.from({ length: WIDTH * HEIGHT * bands }, (_, i) => [250, 120, 30][i % bands] ?? 77);
    const page = { width: WIDTH, height: HEIGHT, values };
    const image = await decodeImage(
      makeTiff([page], { bits, bands, ...(photometric !== undefined && { photometric }) }),
    );
    expect([...image.pixels.subarray(0, 6)]).toEqual([250, 120, 30, 250, 120, 30]);
    expect(image.notes.at(-1)).toBe(`The file has ${bands} bands: the first three are shown as red, green and blue.`);
  });

  it('names what would be read wrongly', async () => {
    await expect(decodeImage(makeTiff([ramp(0, 1)], { bits: 16, samples: 'float' }))).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.stringContaining('floats of 16 bits') as string,
    });
    for (const bits of [8, 16] as const) {
      const planes = makeTiff([ramp(0, 200, 4)], { bits, bands: 4, photometric: 1, planes: 2 });
      await expect(decodeImage(planes)).rejects.toMatchObject({
        code: 'unsupported_image',
        message: expect.stringContaining('4 bands in a plane each') as string,
      });
    }
  });

  it('names what it cannot read', async () => {
    await expect(decodeImage(makeTiff([ramp(0, 1)], { bits: 64, samples: 'float' }))).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.stringContaining('64 bits') as string,
    });
    const many = { width: 2, height: 2, values: Array.from({ length: 4 * 70 }, () => 9) };
    await expect(decodeImage(makeTiff([many], { bits: 8, bands: 70, photometric: 1 }))).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.stringContaining('70 bands') as string,
    });
  });

  it('reads BigTIFF', async () => {
    const image = await decodeImage(makeTiff([rounded(ramp(0, 255, 3))], { bits: 8, bands: 3, bigTiff: true }));
    expect(greys(image)).toEqual([0, 128, 255]);
  });

  it('shows the page that is asked for, and says how many there are', async () => {
    const stack = makeTiff(
      [rounded(ramp(0, 255)), { width: 8, height: 4, values: Array.from({ length: 32 }, () => 60) }],
      {
        bits: 8,
      },
    );
    expect((await decodeImage(stack)).notes).toEqual(['The file has 2 pages: number 1 is shown.']);
    const second = await decodeImage(stack, { page: 1 });
    expect(second).toMatchObject({ width: 8, height: 4, notes: ['The file has 2 pages: number 2 is shown.'] });
    expect(greys(second)).toEqual([60, 60, 60]);
    await expect(decodeImage(stack, { page: 2 })).rejects.toMatchObject({ code: 'unreadable_image' });
  });

  it('never fails but by a named error, whatever bytes are changed', async () => {
    const whole = makeTiff([rounded(ramp(0, 4095))], { bits: 16 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 5 }), async (changes) => {
        const bytes = Buffer.from(whole);
        changes.forEach(([at, value]) => (bytes[at] = value));
        const outcome: unknown = await decodeImage(bytes).catch((error: unknown) => error);
        expect(outcome).toHaveProperty(outcome instanceof Error ? 'code' : 'pixels');
      }),
      { numRuns: 60 },
    );
  });
});
