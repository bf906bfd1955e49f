import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { readSet } from '@/lib/datasets/import/read-set';
import { DatasetError } from '@/lib/datasets/readers/types';
import { openSet } from '@/lib/evaluation/open-set';
import { layFiles, removeFolder } from '../../../support/folder-tree';
import { formats as labelled, name, numbers } from '../../../support/label-file-sets';
import { toolFormats } from '../../../support/tool-file-sets';

/**
 * Whatever happens to the bytes of a label file or a mask: no image that the whole set calls anomalous becomes normal;
 * of a mask, every other image stays as it was.
 */

const formats = { ...labelled, ...toolFormats };

type Damage = (bytes: Buffer) => Buffer;

/** What disks, networks and editors do to a file. */
const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.nat().map(
    (at): Damage =>
      (bytes) =>
        bytes.subarray(0, 1 + (at % Math.max(1, bytes.length - 1))),
  ),
  fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 6 })).map(([at, junk]): Damage => (bytes) => {
    const from = at % bytes.length;
    return Buffer.concat([bytes.subarray(0, from), Buffer.from(junk), bytes.subarray(from)]);
  }),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 40 })).map(([at, length]): Damage => (bytes) => {
    const copy = Buffer.from(bytes);
    return copy.fill(0, at % bytes.length, Math.min(bytes.length, (at % bytes.length) + length));
  }),
  fc.constant<Damage>((bytes) => Buffer.from(`\ufeff${bytes.toString('utf8')}`, 'utf16le')),
  fc.constant<Damage>((bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le')),
  fc.constant<Damage>((bytes) => Buffer.from(bytes.toString('utf8').replaceAll('\n', '\r'))),
);

/** Formats of bare numbers, which say something else with another digit; `damaged-rows.test.ts` damages their rows. */
const SAYS_ELSE = new Set(['elpv', 'headct']);

async function labelsIn(files: Readonly<Record<string, string | Uint8Array>>) {
  const root = await layFiles(files);
  try {
    const { items } = await readSet(root);
    return new Map(items.map(({ path: place, label }) => [place, label]));
  } catch (error) {
    if (error instanceof DatasetError) {
      return undefined;
    }
    throw error;
  } finally {
    await removeFolder(root);
  }
}

test.each(Object.keys(formats).filter((format) => !SAYS_ELSE.has(format)))('%s', async (format) => {
  const files = formats[format]?.(0, (record) => record) ?? {};
  const images = Object.fromEntries(numbers.map((i) => [name(i, format), '']));
  const labelFiles = Object.keys(files);
  await fc.assert(
    fc.asyncProperty(fc.nat(), damages, async (at, damage) => {
      const file = labelFiles[at % labelFiles.length] ?? '';
      const bytes = damage(Buffer.from(files[file] ?? ''));
      // Kaggle's row without run lengths says that there are none.
      fc.pre(format !== 'run lengths' || !/,\s*(-1)?\s*$/m.test(bytes.toString('latin1')));
      const labels = await labelsIn({ ...images, ...files, [file]: bytes });
      // A set whose own list is damaged may be refused as a whole, which is said.
      expect([file, [...(labels?.values() ?? [])].filter((label) => label === 'normal')]).toEqual([file, []]);
    }),
    { numRuns: 60 },
  );
});

const SIDE = 16;
const picture = (mark: number) =>
  sharp(Buffer.from(Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE < 4 ? mark : 0))), {
    raw: { width: SIDE, height: SIDE, channels: 1 },
  })
    .toColourspace('b-w')
    .png()
    .toBuffer();

/**
 * Layouts with masks: the images in order, each with its mask. The first is anomalous, the second normal with an empty
 * mask, the third anomalous again.
 */
const LAYOUTS: Readonly<Record<string, { pairs: [image: string, mask: string][]; more?: Record<string, string> }>> = {
  masks: { pairs: [0, 1, 2].map((i) => [`images/${i}.png`, `masks/${i}.png`]) },
  mvtec: {
    pairs: [
      ['test/dent/0.png', 'ground_truth/dent/0_mask.png'],
      ['test/good/1.png', 'ground_truth/good/1_mask.png'],
      ['test/dent/2.png', 'ground_truth/dent/2_mask.png'],
    ],
  },
  folder: {
    pairs: [
      ['bad/0.png', 'masks/bad/0.png'],
      ['good/1.png', 'masks/good/1.png'],
      ['bad/2.png', 'masks/bad/2.png'],
    ],
  },
  manifest: {
    pairs: [0, 1, 2].map((i) => [`${i}.png`, `m/${i}_mask.png`]),
    more: {
      'manifest.csv': `image,mask,category,split,type,label\n${[0, 1, 2].map((i) => `${i}.png,m/${i}_mask.png,bolt,test,x,${1 - (i % 2)}`).join('\n')}`,
    },
  },
  visa: {
    pairs: [0, 1, 2].map((i) => [`bolt/${i}.png`, `m/${i}.png`]),
    more: {
      'split_csv/1cls.csv': `object,split,label,image,mask\n${[0, 1, 2].map((i) => `bolt,test,${i === 1 ? 'normal' : 'anomaly'},bolt/${i}.png,m/${i}.png`).join('\n')}`,
    },
  },
  aitex: {
    pairs: [
      ['Defect_images/0000_002_00.png', 'Mask_images/0000_002_00_mask.png'],
      ['NODefect_images/x/0001_000_00.png', 'Mask_images/0001_000_00_mask.png'],
      ['Defect_images/0002_002_00.png', 'Mask_images/0002_002_00_mask.png'],
    ],
  },
};

test.each(Object.entries(LAYOUTS))('masks of the layout %s', async (_, { pairs, more }) => {
  const [image, marked, empty] = await Promise.all([picture(90), picture(255), picture(0)]);
  const masks = [marked, empty, marked];
  const lay = (own: readonly Buffer[]) => ({
    ...more,
    ...Object.fromEntries(
      pairs.flatMap(([file, mask], i) => [[file, image] as const, [mask, own[i] ?? empty] as const]),
    ),
  });
  async function labels(own: readonly Buffer[]): Promise<Map<string, number>> {
    const root = await layFiles(lay(own));
    const scratch = await mkdtemp(path.join(tmpdir(), 'looktwice-masks-'));
    try {
      const { listing } = await openSet(root, 'auto', scratch);
      return new Map(listing.items.map(({ id, label }) => [id, label]));
    } finally {
      await Promise.all([removeFolder(root), rm(scratch, { recursive: true })]);
    }
  }
  const whole = await labels(masks);
  expect(pairs.map(([file]) => whole.get(file))).toEqual([1, 0, 1]);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 2 }), damages, async (index, damage) => {
      const found = await labels(masks.map((mask, i) => (i === index ? damage(mask) : mask)));
      pairs.forEach(([file], i) => {
        const before = whole.get(file);
        // What was anomalous stays so or is left out; a normal image is left out if its mask cannot be read.
        expect(i === index ? [before, undefined] : [before]).toContain(found.get(file));
      });
    }),
    { numRuns: 25 },
  );
});
