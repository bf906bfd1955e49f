import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import yazl from 'yazl';
import { drawShapes } from '@/lib/datasets/annotations/shapes';
import { unpack } from '@/lib/datasets/archives/unpack';
import { exportCoco } from '@/lib/datasets/export/coco';
import { exportLabelStudio } from '@/lib/datasets/export/label-studio';
import { exportLlava } from '@/lib/datasets/export/llava';
import { exportMvtec } from '@/lib/datasets/export/mvtec';
import type { Exporter, ExportItem } from '@/lib/datasets/export/types';
import { exportYolo } from '@/lib/datasets/export/yolo';
import { readSet } from '@/lib/datasets/import/read-set';
import type { Mask } from '@/lib/segmentation/mask';
import { encodeRle } from '@/lib/segmentation/rle';
import { readMaskPicture } from '@/lib/vision/mask-picture';
import { layFiles, removeFolder } from '../../../support/folder-tree';
import { nastyPaths } from '../../../support/nasty-names';

/**
 * Whatever the images of a set are called: what an export writes is read again as the same set, every image under its
 * own name with its own content, label and mask.
 */

const SIZE = { width: 12, height: 10 };

/** Every third image is a copy of the one before it. */
const contentOf = (index: number): string => (index - (index % 3 === 2 ? 1 : 0)).toString(16).padStart(64, '0');

/** Every second image has a square of its own place, the others are normal. */
function makeItem(path: string, index: number): ExportItem {
  const [x, y] = [index % 8, Math.floor(index / 8) % 6];
  const mask: Mask = { ...SIZE, data: new Uint8Array(SIZE.width * SIZE.height) };
  for (let row = y; row < y + 3; row += 1) {
    mask.data.fill(1, row * SIZE.width + x, row * SIZE.width + x + 3);
  }
  const rle = encodeRle(mask);
  const isBad = index % 2 === 0;
  return {
    ...{ id: String(index), path, sha256: contentOf(index), ...SIZE },
    fields: {
      label: isBad ? 'anomalous' : 'normal',
      defectType: isBad ? 'dent' : null,
      ...{ category: null, split: null, description: null, impact: null, suggestion: null, exchanges: [] },
    },
    ...{ verdict: null, score: null, disagreement: null, judgement: null },
    parts: isBad ? [{ label: 'dent', shape: 'mask', bbox: [x, y, 3, 3], counts: rle.counts }] : [],
    mask: isBad ? rle : null,
  };
}

async function* each(items: readonly ExportItem[]) {
  yield* items;
}

/** The files of an export; the images' contents are their hashes, since readers open no image. */
async function filesOf(exporter: Exporter, items: readonly ExportItem[]): Promise<Map<string, Uint8Array | string>> {
  const files = new Map<string, Uint8Array | string>();
  for await (const { path, content } of exporter(each(items), { task: 'segment' })) {
    expect([path, files.has(path)]).toEqual([path, false]);
    files.set(path, 'blob' in content ? content.blob : 'bytes' in content ? content.bytes : content.text);
  }
  return files;
}

const boxOf = ({ data, width }: Mask): string => {
  const marked = [...data.keys()].filter((at) => data[at] === 1);
  const [xs, ys] = [marked.map((at) => at % width), marked.map((at) => Math.floor(at / width))];
  return marked.length === 0 ? 'none' : [Math.min(...xs), Math.min(...ys), marked.length].join(' ');
};

/** `path | content | label | place of the mask`, of the set in a folder. */
async function read(folder: string): Promise<string[]> {
  const { items } = await readSet(folder);
  const lines = items.map(async ({ path, file, label, shapes, masks }) => {
    const drawn = drawShapes(shapes, SIZE).mask;
    const [mask] = await Promise.all(masks.map(readMaskPicture));
    return [path, Number.parseInt(await readFile(file, 'utf8'), 16), label, boxOf(mask ?? drawn)].join(' | ');
  });
  return (await Promise.all(lines)).sort();
}

const expected = (items: readonly ExportItem[]): string[] =>
  items
    .map(({ path, sha256, fields, parts: [part] }) => {
      const place = part === undefined ? 'none' : `${part.bbox.slice(0, 2).join(' ')} 9`;
      return [path, Number.parseInt(sha256, 16), fields.label, place].join(' | ');
    })
    .sort();

const EXPORTERS = {
  coco: exportCoco,
  yolo: exportYolo,
  mvtec: exportMvtec,
  'label-studio': exportLabelStudio,
  llava: exportLlava,
};

test.each(Object.entries(EXPORTERS))('%s', async (_, exporter) => {
  await fc.assert(
    fc.asyncProperty(nastyPaths(12), async (paths) => {
      const items = [...paths].sort().map(makeItem);
      const folder = await layFiles(Object.fromEntries(await filesOf(exporter, items)));
      try {
        expect(await read(folder)).toEqual(expected(items));
      } finally {
        await removeFolder(folder);
      }
    }),
    {
      numRuns: 40,
      interruptAfterTimeLimit: 20_000,
      examples: [[['a_gt.png', 'b/a.png', '한글/a.png']], [['Thumbs/a.png', 'a.png', 'rgb/a.png', 'depth/a.png']]],
    },
  );
});

test('a zip unpacks to the same files', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'looktwice-zip-'));
  let serial = 0;
  await fc.assert(
    fc.asyncProperty(nastyPaths(12), async (paths) => {
      serial += 1;
      const [archive, target] = [join(scratch, `${serial}.zip`), join(scratch, String(serial))];
      const zip = new yazl.ZipFile();
      paths.forEach((path, index) => zip.addBuffer(Buffer.from(String(index)), path));
      zip.end();
      await pipeline(zip.outputStream, createWriteStream(archive));
      expect(await unpack(archive, target)).toEqual([]);
      const contents = await Promise.all(paths.map((path) => readFile(join(target, path), 'utf8')));
      expect(contents).toEqual(paths.map((_, index) => String(index)));
    }),
    { numRuns: 40 },
  );
  await rm(scratch, { recursive: true });
});

test('names that no list or archive can hold are changed and told; every image stays', async () => {
  const names = ['a\nb.png', 'a_b.png', 'a\\c.png', 'C:d.png', 'x/C:e.png', 'f\u2028g.png'];
  const folder = await layFiles(Object.fromEntries(names.map((name, index) => [name, index.toString(16)])));
  const { items, problems } = await readSet(folder);
  await removeFolder(folder);
  expect(items.map(({ path }) => path).sort()).toEqual(
    ['a_b_2.png', 'a_b.png', 'a_c.png', 'C_d.png', 'x/C:e.png', 'f_g.png'].sort(),
  );
  expect(problems.filter(({ code }) => code === 'renamed')).toHaveLength(4);
});

test('a picture named like the mask of another is an image if it has a mask itself, else that mask', async () => {
  const [own, none] = await Promise.all([
    layFiles({
      ...{ 'test/dent/a.png': '1', 'test/dent/a_gt.png': '2', 'train/good/b.png': '3' },
      ...{ 'ground_truth/dent/a_mask.png': '4', 'ground_truth/dent/a_gt_mask.png': '5' },
    }),
    layFiles({ 'test/dent/a.png': '1', 'test/dent/a_gt.png': '2', 'train/good/b.png': '3' }),
  ]);
  const masksOf = async (folder: string) =>
    (await readSet(folder)).items.map(({ path, masks }) => [
      path,
      ...masks.map((mask) => mask.slice(folder.length + 1).replaceAll('\\', '/')),
    ]);
  const sets = await Promise.all([masksOf(own), masksOf(none)]);
  await Promise.all([removeFolder(own), removeFolder(none)]);
  const [first, second] = sets.map((items) => items.sort());
  expect(first).toEqual([
    ['test/dent/a.png', 'ground_truth/dent/a_mask.png'],
    ['test/dent/a_gt.png', 'ground_truth/dent/a_gt_mask.png'],
    ['train/good/b.png'],
  ]);
  expect(second).toEqual([['test/dent/a.png', 'test/dent/a_gt.png'], ['train/good/b.png']]);
});
