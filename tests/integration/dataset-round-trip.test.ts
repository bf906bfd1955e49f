import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ensureLocalUser } from '@/lib/database/users';
import { compressCounts, encodeRle } from '@/lib/segmentation/rle';
import { exportFile, exportFolder } from '@/lib/datasets/export';
import type { ExportFormat, ImportFormat } from '@/lib/datasets/contract';
import { unpack } from '@/lib/datasets/archives/unpack';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { makePng } from '../support/images';
import { contentsOf, importFolder, sharedSet } from '../support/sets';

useDataDirectory();
let scratch = '';
beforeAll(async () => {
  await ensureLocalUser();
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-round-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

let serial = 0;
const fresh = () => join(scratch, String((serial += 1)));
type Contents = Awaited<ReturnType<typeof contentsOf>>;

/** MVTec and LLaVA know one mask an image: its instances become one of the item's type. */
function joined(items: Contents): Contents {
  return items.map((item) => ({
    ...item,
    parts: item.parts.slice(0, 1).map((part) => ({
      label: item.fields.defectType ?? 'anomaly',
      shape: 'mask' as const,
      bbox: part.bbox,
      counts: item.mask?.counts ?? [],
    })),
  }));
}

/** Outlines know no boxes: the same pixels, drawn. */
const pixels = (items: Contents) =>
  items.map(({ parts, ...item }) => ({ ...item, parts: parts.map(({ label }) => label) }));
const withoutBoxes = (items: Contents) => joined(items).map(({ parts, ...item }) => ({ ...item, parts: parts.length }));

/** What formats keep in which an image without annotations says that nothing is there. */
const trainable = (items: Contents) =>
  items.filter(({ fields, parts }) => fields.label === 'normal' || (fields.label === 'anomalous' && parts.length > 0));

const ROUND: Record<ExportFormat & ImportFormat, (items: Contents) => unknown> = {
  coco: trainable,
  'label-studio': (items) => items,
  yolo: (items) => pixels(trainable(items)),
  mvtec: withoutBoxes,
  llava: withoutBoxes,
};
const formats = Object.keys(ROUND) as (keyof typeof ROUND)[];

async function sha(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function roundTrip(datasetId: string, format: keyof typeof ROUND): Promise<void> {
  const options = { format, accepted: false, task: 'segment' } as const;
  const folder = fresh();
  const expected = ROUND[format](await contentsOf(datasetId));
  const leftOut: string[] = [];
  await exportFolder(datasetId, { ...options, onLeftOut: ({ path }) => leftOut.push(path) }, folder);
  if (Array.isArray(expected) && expected.length === 0) {
    expect(leftOut).toHaveLength((await contentsOf(datasetId)).length);
    return;
  }
  const again = await importFolder(folder);
  expect(ROUND[format](await contentsOf(again.datasetId))).toEqual(expected);
  await rm(folder, { recursive: true });
}

const kinds = ['scratch', 'dent', 'a "quoted", name'];
const textArbitrary = fc.option(fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }), { nil: null });
const partArbitrary = fc.record({
  label: fc.constantFrom(...kinds),
  isBox: fc.boolean(),
  x: fc.integer({ min: 0, max: 30 }),
  y: fc.integer({ min: 0, max: 20 }),
  w: fc.integer({ min: 1, max: 10 }),
  h: fc.integer({ min: 1, max: 10 }),
  hole: fc.boolean(),
});
const itemArbitrary = fc.record({
  label: fc.constantFrom('normal', 'anomalous'),
  category: fc.constantFrom('bolt', 'nut', null),
  split: fc.constantFrom('train', 'test', 'val', null),
  defectType: fc.constantFrom(...kinds, null),
  description: textArbitrary,
  impact: textArbitrary,
  suggestion: textArbitrary,
  parts: fc.array(partArbitrary, { maxLength: 3 }),
});
const [WIDTH, HEIGHT] = [48, 36];

/** A set as COCO says it, from which all other formats are tried. */
async function cocoSet(
  items: readonly (typeof itemArbitrary extends fc.Arbitrary<infer T> ? T : never)[],
): Promise<string> {
  const files: Record<string, Uint8Array | string> = {};
  const images: object[] = [];
  const annotations: object[] = [];
  for (const [index, { parts, ...fields }] of items.entries()) {
    const name = `${fields.category ?? 'x'}/part ${index % 2}/${index}.png`;
    files[name] = await makePng(index, WIDTH, HEIGHT);
    images.push({ id: index, file_name: name, looktwice: { ...fields, exchanges: [] } });
    for (const { label, isBox, x, y, w, h, hole } of fields.label === 'anomalous' ? parts : []) {
      const data = new Uint8Array(WIDTH * HEIGHT);
      for (let row = y; row < y + h; row += 1) {
        data.fill(1, row * WIDTH + x, row * WIDTH + x + w);
      }
      if (hole && w > 2 && h > 2) {
        data[(y + 1) * WIDTH + x + 1] = 0;
      }
      const { size, counts } = encodeRle({ width: WIDTH, height: HEIGHT, data });
      const drawn = isBox
        ? { segmentation: [], bbox: [x, y, w, h] }
        : { segmentation: { size, counts: compressCounts(counts) } };
      annotations.push({ id: annotations.length, image_id: index, category_id: kinds.indexOf(label), ...drawn });
    }
  }
  const categories = kinds.map((name, id) => ({ id, name }));
  files['annotations/instances.json'] = JSON.stringify({ images, annotations, categories });
  return layFiles(files);
}

test('every format gives a random set back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(itemArbitrary, { minLength: 2, maxLength: 5 }), async (items) => {
      const folder = await cocoSet(items);
      const { datasetId } = await importFolder(folder, 'coco');
      for (const format of formats) {
        await roundTrip(datasetId, format);
      }
      await removeFolder(folder);
    }),
    { numRuns: 6 },
  );
}, 120_000);

test('the same set gives the same archive, byte for byte, which unpacks to a set again', async () => {
  const folder = await cocoSet(fc.sample(itemArbitrary, { numRuns: 6, seed: 7 }));
  const first = await importFolder(folder, 'coco');
  const second = await importFolder(folder, 'coco');
  for (const format of [...formats, 'reviews-csv'] as const) {
    const options = { format, accepted: false, task: 'segment' } as const;
    const archives = [fresh(), fresh(), fresh()];
    const [a = '', b = '', c = ''] = archives;
    await exportFile(first.datasetId, options, a);
    await exportFile(first.datasetId, options, b);
    await exportFile(second.datasetId, options, c);
    expect([format, await sha(b), await sha(c)]).toEqual([format, await sha(a), await sha(a)]);
  }
  const archive = fresh();
  await exportFile(first.datasetId, { format: 'coco', accepted: false, task: 'segment' }, archive);
  const unpacked = fresh();
  expect(await unpack(archive, unpacked)).toEqual([]);
  const again = await importFolder(unpacked);
  expect(await contentsOf(again.datasetId)).toEqual(trainable(await contentsOf(first.datasetId)));
  await removeFolder(folder);
}, 60_000);

test('boxes for YOLO detect are those of the instances', async () => {
  const folder = await cocoSet(fc.sample(itemArbitrary, { numRuns: 8, seed: 3 }));
  const { datasetId } = await importFolder(folder, 'coco');
  const out = fresh();
  await exportFolder(datasetId, { format: 'yolo', accepted: false, task: 'detect' }, out);
  const again = await importFolder(out);
  const boxes = (items: Contents) =>
    items.map(({ path, parts }) => [path, parts.map(({ label, bbox }) => [label, bbox])]);
  expect(boxes(await contentsOf(again.datasetId))).toEqual(boxes(trainable(await contentsOf(datasetId))));
  await removeFolder(folder);
});

// Minutes: the full run only.
const isFull = process.env.LOOKTWICE_FULL_TESTS === '1';
const real = ['lookout_vision', 'dobot_cubes'].filter((name) => isFull && sharedSet(name) !== undefined);
(real.length > 0 ? test.each(real) : test.skip.each(['no set: in the full run, where the shared sets are']))(
  'every format gives %s back',
  async (name) => {
    const { datasetId } = await importFolder(sharedSet(name) ?? '');
    for (const format of formats) {
      await roundTrip(datasetId, format);
    }
  },
  600_000,
);
