import fc from 'fast-check';
import sharp from 'sharp';
import { ensureLocalUser } from '@/lib/database/users';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { contentsOf, importFolder } from '../support/sets';

/**
 * Whatever happens to one picture of a set that says everything by its folders and masks: no image becomes normal by
 * it, an image whose mask is damaged keeps no half of it, and every other image stays as it was.
 */
useDataDirectory();
beforeAll(() => ensureLocalUser());

const [WIDTH, HEIGHT] = [40, 32];
const numbers = [0, 1, 2];

type Layout = {
  /** The image and the mask of a number; a mask of nothing where the format has none. */
  image: (i: number) => string;
  mask?: (i: number, ending: string) => string;
  more?: Record<string, string>;
};

const LAYOUTS: Readonly<Record<string, Layout>> = {
  mvtec: { image: (i) => `test/dent/00${i}.png`, mask: (i, ending) => `ground_truth/dent/00${i}_mask.${ending}` },
  loco: {
    image: (i) => `test/logical_anomalies/00${i}.png`,
    mask: (i, ending) => `ground_truth/logical_anomalies/00${i}/000.${ending}`,
  },
  'plain folders': { image: (i) => `bad/${i}.png`, mask: (i, ending) => `masks/${i}.${ending}` },
  aitex: {
    image: (i) => `Defect_images/000${i}_002_00.png`,
    mask: (i, ending) => `Mask_images/000${i}_002_00_mask.${ending}`,
    more: { 'NODefect_images/00/0009_000_00.png': '' },
  },
  visa: {
    image: (i) => `bolt/Data/Images/Anomaly/00${i}.png`,
    mask: (i, ending) => `bolt/Data/Masks/Anomaly/00${i}.${ending}`,
  },
  headct: { image: (i) => `head_ct/00${i}.png`, more: { 'labels.csv': 'id,hemorrhage\n0,1\n1,1\n2,1\n' } },
  'masks alone': { image: (i) => `images/${i}.png`, mask: (i, ending) => `masks/${i}.${ending}` },
  'images alone': { image: (i) => `${i}.png` },
};

const ENDINGS = ['png', 'bmp', 'tiff', 'jpeg', 'webp', 'gif'] as const;

/** A Windows bitmap of 24 bits, bottom row first. */
function bitmap(grey: Uint8Array): Uint8Array {
  const stride = Math.ceil((WIDTH * 3) / 4) * 4;
  const out = Buffer.alloc(54 + stride * HEIGHT);
  out.write('BM');
  out.writeUInt32LE(out.length, 2);
  out.writeUInt32LE(54, 10);
  out.writeUInt32LE(40, 14);
  out.writeInt32LE(WIDTH, 18);
  out.writeInt32LE(HEIGHT, 22);
  out.writeUInt16LE(1, 26);
  out.writeUInt16LE(24, 28);
  grey.forEach((value, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    out.fill(value, 54 + (HEIGHT - 1 - y) * stride + x * 3, 54 + (HEIGHT - 1 - y) * stride + x * 3 + 3);
  });
  return out;
}

/** A square of its own place at the bottom, where a mask that is cut off loses it. */
async function maskOf(i: number, ending: (typeof ENDINGS)[number]): Promise<Uint8Array> {
  const grey = new Uint8Array(WIDTH * HEIGHT);
  for (let y = HEIGHT - 8; y < HEIGHT - 2; y += 1) {
    grey.fill(255, y * WIDTH + 4 * i + 2, y * WIDTH + 4 * i + 10);
  }
  const picture = sharp(grey, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w');
  return ending === 'bmp' ? bitmap(grey) : picture.toFormat(ending, { lossless: true }).toBuffer();
}

async function pictureOf(i: number): Promise<Uint8Array> {
  const noise = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => (at * 7919 + i * 104_729) % 251);
  return sharp(noise, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
}

async function labelsOf(files: Record<string, Uint8Array | string>) {
  const root = await layFiles(files);
  try {
    const { datasetId } = await importFolder(root);
    return new Map(
      (await contentsOf(datasetId)).map(({ path, fields: { category: _, ...fields }, mask }) => [
        path,
        { fields, mask },
      ]),
    );
  } finally {
    await removeFolder(root);
  }
}

type Damage = { spoil: (bytes: Uint8Array) => Uint8Array; isLost: boolean };
/** What is lost can be seen; bytes that are others may be another picture in formats without checksums. */
const damage: fc.Arbitrary<Damage> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.double({ min: 0, max: 0.98, noNaN: true }).map((share) => ({
      spoil: (bytes: Uint8Array) => bytes.subarray(0, Math.floor(bytes.length * share)),
      isLost: true,
    })),
  },
  fc.constantFrom('', '404: Not Found', '<html></html>').map((text) => ({
    spoil: () => Buffer.from(text),
    isLost: true,
  })),
  fc.array(fc.nat(), { minLength: 8, maxLength: 40 }).map((places) => ({
    spoil: (bytes: Uint8Array) => {
      const copy = Uint8Array.from(bytes);
      // The first bytes tell the format: with them gone it is no picture, which is tried above.
      places.forEach((place) => (copy[16 + (place % (copy.length - 16))] = place % 256));
      return copy;
    },
    isLost: false,
  })),
);

test.each(Object.entries(LAYOUTS))('%s', async (_, { image, mask, more = {} }) => {
  const pictures = await Promise.all([...numbers, 3].map(pictureOf));
  const extra = Object.fromEntries(
    Object.entries(more).map(([name, text]) => [name, text === '' ? (pictures[3] as Uint8Array) : text]),
  );
  const images = Object.fromEntries(numbers.map((i) => [image(i), pictures[i] as Uint8Array]));
  const wholes = new Map<
    string,
    { files: Record<string, Uint8Array | string>; found: Awaited<ReturnType<typeof labelsOf>> }
  >();
  for (const ending of mask === undefined ? ['png' as const] : ENDINGS) {
    const masks = await Promise.all(
      numbers.map(async (i) => [mask?.(i, ending) ?? '', await maskOf(i, ending)] as const),
    );
    const files = { ...images, ...extra, ...(mask === undefined ? {} : Object.fromEntries(masks)) };
    wholes.set(ending, { files, found: await labelsOf(files) });
  }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...wholes.keys()),
      fc.constantFrom(...numbers),
      fc.boolean(),
      damage,
      async (ending, index, isMask, { spoil, isLost }) => {
        const whole = wholes.get(ending);
        const place = isMask && mask !== undefined ? mask(index, ending) : image(index);
        const file = whole?.files[place];
        if (whole === undefined || !(file instanceof Uint8Array)) {
          throw new Error(`${place} is no picture of the set`);
        }
        const found = await labelsOf({ ...whole.files, [place]: spoil(file) });
        for (const i of numbers) {
          const [before, after] = [whole.found.get(image(i)), found.get(image(i))];
          if (i !== index) {
            expect(after).toEqual(before);
            continue;
          }
          expect(after?.fields.label).not.toBe('normal');
          expect(after !== undefined || file === images[place]).toBe(true);
          if (isLost && after !== undefined) {
            expect([null, before?.mask]).toContainEqual(after.mask);
          }
        }
      },
    ),
    { numRuns: 25 },
  );
});
