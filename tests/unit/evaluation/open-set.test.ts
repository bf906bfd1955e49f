import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { loadMask } from '@/lib/evaluation/load-item';
import { type EvaluatedFormat, openSet } from '@/lib/evaluation/open-set';
import { imageChecker } from '@/lib/vision/checker/pool';
import { layFiles, removeFolder } from '../../support/folder-tree';
import { makeTiff } from '../../support/tiff';

/** What is evaluated of sets that label files label, or speak against. */
const SIDE = 40;
let image: Uint8Array;
let scratch = '';
beforeAll(async () => {
  image = await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
});
beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'looktwice-open-set-'));
});
afterEach(() => rm(scratch, { recursive: true }));
afterAll(() => imageChecker().close());

type Laid = Record<string, string | object>;

/**
 * `id: split label type, pixels of the mask` of each item, the unlabelled ones, and the problems as `code where`. ''
 * stands for an image.
 */
async function open(files: Laid, format: EvaluatedFormat = 'auto') {
  const laid = Object.entries(files).map(([name, value]): [string, string | Uint8Array] => [
    name,
    value === '' ? image : typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value),
  ]);
  const root = await layFiles(Object.fromEntries(laid));
  try {
    const { listing, stacks } = await openSet(root, format, scratch);
    const items = listing.items.map(async (item) => {
      const loaded = await loadMask(item, SIDE);
      const area = loaded === undefined || !('mask' in loaded) ? 'none' : loaded.mask.data.filter(Boolean).length;
      return `${item.id}: ${item.split} ${item.label} ${item.type}, ${area}`;
    });
    return {
      items: await Promise.all(items),
      unlabelled: listing.unlabelled.map(({ id }) => id),
      problems: listing.problems.map(({ code, where }) => `${code} ${where}`),
      stacks,
    };
  } finally {
    await removeFolder(root);
  }
}

const coco = (names: readonly string[], annotations: object[]) => ({
  images: names.map((file_name, id) => ({ id, file_name, width: SIDE, height: SIDE })),
  annotations: annotations.map((annotation, id) => ({ id, category_id: 1, ...annotation })),
  categories: [{ id: 1, name: 'dent' }],
});

test('COCO: regions are masks, images without one are normal, what cannot be read is left out and told', async () => {
  const found = await open({
    'images/a.png': '',
    'images/b.png': '',
    'images/c.png': '',
    'spare/d.png': '',
    'annotations.json': coco(
      ['a.png', 'b.png', 'c.png'],
      [
        { image_id: 0, bbox: [10, 10, 5, 4] },
        { image_id: 2, bbox: ['x', 1] },
      ],
    ),
  });
  expect(found.items).toEqual(['images/a.png: test 1 dent, 20', 'images/b.png: test 0 good, none']);
  expect(found.unlabelled).toEqual(['images/c.png', 'spare/d.png']);
  expect(found.problems).toEqual([
    'bad_row annotations.json, annotation 1',
    'unlabelled images/c.png',
    'not_labelled spare',
  ]);
});

test('COCO with a train and a validation part: the latter is tested', async () => {
  const { items } = await open({
    'train/a.png': '',
    'valid/b.png': '',
    'valid/c.png': '',
    'train/_annotations.coco.json': coco(['a.png'], []),
    'valid/_annotations.coco.json': coco(['b.png', 'c.png'], [{ image_id: 1, bbox: [0, 0, 4, 4] }]),
  });
  expect(items).toEqual([
    'train/a.png: train 0 good, none',
    'valid/b.png: test 0 good, none',
    'valid/c.png: test 1 dent, 16',
  ]);
});

test('a table, in a folder around the set', async () => {
  const found = await open({ 'x/y/a.png': '', 'x/y/b.png': '', 'x/y/labels.csv': 'image,label\na.png,OK\nb.png,NG\n' });
  expect(found.items).toEqual(['a.png: test 0 good, none', 'b.png: test 1 anomaly, none']);
});

test('YOLO by name; a format whose files are not there is refused', async () => {
  const files = { 'images/a.png': '', 'labels/a.txt': '0 0.5 0.5 0.5 0.25', 'data.yaml': 'names: [dent]\n' };
  expect((await open(files, 'yolo')).items).toEqual(['images/a.png: test 1 dent, 200']);
  await expect(open({ 'images/a.png': '' }, 'yolo')).rejects.toThrow(/label/);
});

test('each page of a stack is a file; what is drawn is on the first', async () => {
  const page = { width: SIDE, height: SIDE, values: new Uint8Array(SIDE * SIDE).fill(90) };
  const found = await open({
    'a.tif': makeTiff([page, page], { bits: 8 }),
    'b.png': '',
    'x.json': coco(['a.tif', 'b.png'], [{ image_id: 0, bbox: [0, 0, 4, 4] }]),
  });
  expect(found.items).toEqual(['a.page1.tif: test 1 dent, 16', 'b.png: test 0 good, none']);
  expect([found.unlabelled, found.stacks]).toEqual([['a.page2.tif'], 1]);
});

const folders = { 'good/a.png': '', 'good/b.png': '', 'bad/c.png': '' };
const box = '<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox>';

test.each<[string, Laid, string]>([
  ['rows of YOLO', { 'good/a.txt': '0 0.5 0.5 0.2 0.2', 'classes.txt': 'dent\n' }, 'good/a.png'],
  ['VOC', { 'good/a.xml': `<annotation><object><name>dent</name>${box}</object></annotation>` }, 'good/a.png'],
  ['VOC that is cut off', { 'good/a.xml': '<annotation><object><name>dent' }, 'good/a.png'],
  ['COCO', { 'x.json': coco(['good/a.png', 'bad/c.png'], [{ image_id: 0, bbox: [1, 1, 4, 4] }]) }, 'good/a.png'],
  ['a table', { 'x.csv': 'image,label\ngood/a.png,NG\ngood/b.png,OK\n' }, 'good/a.png'],
])('%s that speaks against a folder called normal takes the image out', async (_, files, place) => {
  const found = await open({ ...folders, ...files });
  expect(found.items).toEqual(['bad/c.png: test 1 anomaly, none', 'good/b.png: test 0 good, none']);
  expect(found.unlabelled).toEqual([place]);
  expect(found.problems.filter((problem) => problem.startsWith('contradiction'))).toEqual([`contradiction ${place}`]);
});

test('label files that agree with the folders, or are about something else, change nothing', async () => {
  const found = await open({
    ...folders,
    'x.csv': 'image,label\ngood/a.png,OK\nbad/c.png,NG\n',
    'about.json': { a: 1 },
  });
  expect(found.items).toHaveLength(3);
  expect(found.problems).toEqual([]);
});
