import { createReadStream, existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { listImportProblems } from '@/lib/database/import-jobs';
import { ensureLocalUser } from '@/lib/database/users';
import { exportFolder } from '@/lib/datasets/export';
import { runImport } from '@/lib/datasets/import/run-import';
import { newDataset } from '@/lib/datasets/sets';
import { newArchiveImport } from '@/lib/datasets/start';
import { decodeImage } from '@/lib/vision/decode';
import { useDataDirectory } from '../support/data-directory';
import { contentsOf, importFolder, owner, sharedFolder } from '../support/sets';

/**
 * The collection of situations from public reports, as it lies beside the project: each input is imported as it is and
 * must give its right value. The same situations are in `cases.test.ts` and `import-cases.test.ts` with inputs of our
 * own, which need no collection.
 */
const COLLECTION = sharedFolder('cases') ?? '';
const there = (name: string): boolean => existsSync(join(COLLECTION, name));

useDataDirectory();
let scratch = '';
beforeAll(async () => {
  await ensureLocalUser();
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-shared-cases-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** `label | type | area of the mask | boxes of the parts` of each item, and the problems as `code place: message`. */
async function contents(ids: { datasetId: string; jobId: string }) {
  const items = (await contentsOf(ids.datasetId)).map(({ path, fields, parts, mask }) => {
    const area = mask?.counts.reduce((sum, count, i) => sum + (i % 2 === 1 ? count : 0), 0);
    const boxes = parts.map(({ label, bbox }) => `${label} ${bbox.join(' ')}`);
    const words = [fields.label, fields.defectType, area, ...boxes];
    return [path, words.filter((part) => part !== null && part !== undefined).join(' | ')] as const;
  });
  const problems = await listImportProblems(ids.jobId, -1, 100);
  return {
    items: Object.fromEntries(items) as Record<string, string>,
    problems: problems.map(({ code, place, message }) => `${code} ${place}: ${message}`),
  };
}

/** A copy of a case's set: the collection cannot be written to, and the copy shows that nothing beside it is read. */
async function copyOf(name: string, part: string): Promise<string> {
  const copy = join(scratch, `${name}-${Math.random()}`);
  await cp(join(COLLECTION, name, part), copy, { recursive: true });
  return copy;
}

async function importCase(name: string) {
  const archive = (await readdir(join(COLLECTION, name))).find((file) => file.endsWith('.zip'));
  if (archive === undefined) {
    const ids = await importFolder(await copyOf(name, 'set'));
    return { ...ids, ...(await contents(ids)) };
  }
  const { id: datasetId } = await newDataset(owner, name);
  const source = createReadStream(join(COLLECTION, name, archive));
  const job = await newArchiveImport(owner, datasetId, { source, name: archive, format: 'auto', runner: 'cli' });
  await runImport(job.id, { signal: new AbortController().signal });
  return { datasetId, ...(await contents({ datasetId, jobId: job.id })) };
}

const square = 'anomalous | scratch | 400 | scratch 10 10 20 20';
const middle = 'anomalous | scratch | 1200 | scratch 60 45 40 30';
const small = 'anomalous | scratch | 192 | scratch 16 12 16 12';
const one = (value: string) => ({ 'images/a.png': value });
const normal = (...paths: string[]) => Object.fromEntries(paths.map((each) => [each, 'normal']));
const category = normal('part/test/good/000.png', 'part/train/good/000.png');
const type = (value: string) => ({ ...category, 'part/test/scratch/000.png': value });

/** Case -> right items, and what the problems say; no problem where nothing is named. */
const SETS: Record<string, [items: Record<string, string>, ...problems: RegExp[]]> = {
  'c01-coco-flat-ring': [one(square)],
  'c03-coco-same-image-id': [
    { 'images/a.png': 'unlabelled', 'images/b.png': 'unlabelled' },
    /^same_id .*a\.png.*b\.png/,
    /^nothing_annotated /,
    /^unlabelled images\/a\.png: .*same id 1/,
    /^unlabelled images\/b\.png: .*same id 1/,
  ],
  'c04-coco-id-as-text': [one(square)],
  'c05-coco-category-good': [{ 'images/a.png': square, 'images/b.png': 'normal' }],
  'c06-coco-no-geometry': [one('anomalous | scratch'), /^no_region images\/a\.png/],
  'c08-coco-exif-raw-coordinates': [{ 'images/a.jpg': 'anomalous | scratch | 600 | scratch 90 120 20 30' }],
  'c09-coco-scaled-image': [one(square), /^moved images\/a\.png: .*320 x 240.*160 x 120/],
  'c12-coco-bbox-text': [
    { 'images/a.png': square, 'images/b.png': 'anomalous | scratch | 225 | scratch 0 0 15 15', 'images/c.png': square },
  ],
  'c14-names-nfc-nfd': [{ 'images/a b#1%20.png': square, 'images/Schaden_über_é.png': square }],
  'c15-names-letter-case': [{ 'images/a.jpg': square }],
  'c18-coco-fiftyone-layout': [{ 'data/a.png': square }],
  'c19-coco-empty-object': [one(square)],
  'c23-coco-dotdot-name': [one(square)],
  'c25-coco-two-files-one-image': [one('anomalous | scratch | 800 | scratch 10 10 20 20 | scratch 50 50 20 20')],
  'cv2-cvat-xml': [one(square)],
  'f01-masks-mirror-folders': [
    { 'bad/a.png': 'anomalous | anomaly | 400 | anomaly 10 10 20 20', 'good/a.png': 'normal' },
  ],
  'f03-images-only': [{ 'a.png': 'unlabelled', 'b.png': 'unlabelled' }, /^not_labelled /],
  'l01-ls-rotated-ellipse': [one('anomalous | scratch | 912 | scratch 74 12 12 96')],
  'l03-ls-bitmask': [one(square)],
  'l04-ls-keypoint': [one('anomalous | scratch'), /^no_region /],
  'l05-ls-json-min': [one(small)],
  'l06-ls-storage-export': [one(small)],
  'lm1-labelme': [{ 'a.jpg': square }],
  'm02-mask-suffix-case': [type(square)],
  'm18-mask-16bit-classes': [type(square)],
  'm19-mvtec-loco': [
    {
      ...normal('box/test/good/000.png', 'box/train/good/000.png', 'box/validation/good/000.png'),
      'box/test/logical_anomalies/000.png': 'anomalous | logical_anomalies | 800 | logical_anomalies 10 10 70 20',
    },
  ],
  'm21-mvtec-nested': [
    { ...type(square), 'part/test/scratch/sub/001.png': 'anomalous | scratch' },
    /^missing_mask .*sub\/001\.png/,
  ],
  'm22-mask-exif-raw': [
    { ...category, 'part/test/scratch/000.jpg': 'anomalous | scratch | 400 | scratch 90 10 20 20' },
  ],
  'q02-jsonl': [one('anomalous')],
  'q03-negated-question': [one('anomalous')],
  'vo1-pascal-voc': [{ 'JPEGImages/a.jpg': square }],
  'y01-yolo-row': [one(middle)],
  'y02-yolo-row': [one(middle)],
  'y06-yolo-class-beyond-names': [one(middle.replaceAll('scratch', 'class 5')), /^unknown_class .*5.* 2 /],
  'y13-yolo-pose-rows': [one(middle)],
  'y17-classes-gbk': [one(middle.replaceAll('scratch', '划痕')), /^encoding classes\.txt/],
  'y21-yolo-duplicate-rows': [one(middle), /^repeated /],
  'y22-yolo-row': [one(middle)],
  'z02-zip-backslashes': [{ 'bad/b.png': 'anomalous | anomaly', 'good/a.png': 'normal' }],
  'z05-zip-two-wrappers': [one(middle)],
  'z06-zip-cvat-yolo': [{ 'obj_train_data/a.png': middle }],
};

(COLLECTION === '' ? test.skip.each : test.each)(Object.entries(SETS))('%s', async (name, [items, ...problems]) => {
  const found = await importCase(name);
  const normalised = Object.fromEntries(
    Object.entries(found.items).map(([path, item]) => [path.normalize('NFC'), item]),
  );
  expect(normalised).toEqual(items);
  expect(found.problems).toEqual(problems.map((problem) => expect.stringMatching(problem) as string));
});

/** The texts of an export by path below it. */
async function exported(name: string, format: 'yolo' | 'coco'): Promise<Map<string, string>> {
  const { datasetId } = await importCase(name);
  const folder = join(scratch, `${name}-${format}`);
  await exportFolder(datasetId, { format, accepted: false, task: 'segment' }, folder);
  const files = await readdir(folder, { recursive: true });
  const texts = files.filter((file) => /\.(txt|ya?ml|json)$/.test(file));
  const read = texts.map(async (file) => [file, await readFile(join(folder, file), 'utf8')] as const);
  return new Map([
    ...(await Promise.all(read)),
    ...files.filter((file) => !texts.includes(file)).map((file) => [file, ''] as const),
  ]);
}

const whenThere = (name: string) => (there(name) ? test : test.skip);

whenThere('y14-yolo-export-same-stem')('y14-yolo-export-same-stem', async () => {
  const files = await exported('y14-yolo-export-same-stem', 'yolo');
  const row = '0 0.375 0.375 0.625 0.375 0.625 0.625 0.375 0.625\n';
  expect([files.get('labels/a.txt'), files.get('labels/a_png.txt')]).toEqual([row, row]);
  expect(files.has('images/a.jpg') && files.has('images/a_png.png')).toBe(true);
});

whenThere('y15-yolo-export-out-of-image')('y15-yolo-export-out-of-image', async () => {
  const files = await exported('y15-yolo-export-out-of-image', 'yolo');
  const numbers = (files.get('labels/a.txt') ?? '').split(/\s+/).filter(Boolean).map(Number);
  expect(numbers.length).toBeGreaterThan(8);
  expect(numbers.every((value) => value >= 0 && value <= 1)).toBe(true);
  const coco = JSON.parse(
    (await exported('y15-yolo-export-out-of-image', 'coco')).get('annotations/instances.json') ?? '',
  ) as {
    annotations: { bbox: number[] }[];
  };
  expect(coco.annotations.map(({ bbox }) => bbox.map((value) => Number(value.toFixed(2))))).toEqual([
    [0, 45, 28, 30],
    [155.2, 54, 4.8, 12],
  ]);
});

whenThere('y30-yolo-export-unlabelled')('y30-yolo-export-unlabelled', async () => {
  const files = await exported('y30-yolo-export-unlabelled', 'yolo');
  expect(files.has('labels/a.txt') || files.has('images/a.png')).toBe(false);
  expect(files.get('left-out.txt')).toBe('images/a.png\tnot labelled yet\n');
});

whenThere('y32-yolo-export-splits')('y32-yolo-export-splits', async () => {
  const files = await exported('y32-yolo-export-splits', 'yolo');
  expect(files.get('train.txt')).toBe('./images/part/train/good/000.png\n');
  expect(files.get('test.txt')?.trim().split('\n').sort()).toEqual([
    './images/part/test/good/000.png',
    './images/part/test/scratch/000.png',
  ]);
});

/** Mean of an image's values, and its notes. */
async function decoded(name: string) {
  const { pixels, notes, width, height } = await decodeImage(await readFile(join(COLLECTION, name)));
  return { mean: pixels.reduce((sum, value) => sum + value, 0) / pixels.length, notes, pixels, width, height };
}

whenThere('i01-grey-12bit-in-16')('i01-grey-12bit-in-16', async () => {
  const { mean } = await decoded('i01-grey-12bit-in-16/exif1.jpg');
  for (const file of ['g12in16.png', 'g12in16.tif', 'g10in16.tif']) {
    const deep = await decoded(`i01-grey-12bit-in-16/${file}`);
    expect(Math.abs(deep.mean - mean)).toBeLessThan(4);
    expect(deep.notes).toEqual([expect.stringMatching(/^The values use 1[02] bits/)]);
  }
});

whenThere('i03-bmp-in-chat')('i03-bmp-in-chat', async () => {
  const { pixels } = await decoded('i03-bmp-in-chat/b24.bmp');
  const means = [0, 1, 2].map((band) => {
    const own = pixels.filter((_, i) => i % 3 === band);
    return Math.round(own.reduce((sum, value) => sum + value, 0) / own.length);
  });
  expect(means).toEqual([145, 135, 125]);
});

whenThere('i05-tiff-stack')('i05-tiff-stack', async () => {
  const { notes } = await decoded('i05-tiff-stack/stack_second_page_defect.tif');
  expect(notes).toEqual(['The file has 2 pages: number 1 is shown.']);
});

whenThere('i06-heic')('i06-heic', async () => {
  const { width, height } = await decoded('i06-heic/x.heic').catch((error: Error) => ({
    width: error.message,
    height: 0,
  }));
  expect([width, height]).toEqual([160, 120]);
});

whenThere('i08-multiband-tiff')('i08-multiband-tiff', async () => {
  expect((await decoded('i08-multiband-tiff/ms5.tif')).notes.join(' ')).toMatch(/The file has 5 bands/);
  expect((await decoded('i08-multiband-tiff/bigtiff.tif')).width).toBeGreaterThan(0);
});

(COLLECTION === '' ? test.skip : test)('no case of the collection is without a test', async () => {
  const elsewhere = /^(d0|e01|i|n05|u0|y14|y15|y30|y32)/;
  const missing = (await readdir(COLLECTION)).filter(
    (name) => name !== 'INDEX.md' && !(name in SETS) && !elsewhere.test(name),
  );
  expect(missing.map((name) => basename(name))).toEqual([]);
});
