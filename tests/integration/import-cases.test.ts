import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import sharp, { type Sharp } from 'sharp';
import yazl from 'yazl';
import { getImportJob, listImportProblems } from '@/lib/database/import-jobs';
import { ensureLocalUser } from '@/lib/database/users';
import { runImport } from '@/lib/datasets/import/run-import';
import { newDataset } from '@/lib/datasets/sets';
import { newArchiveImport } from '@/lib/datasets/start';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { contentsOf, importFolder, owner } from '../support/sets';
import { makeTiff } from '../support/tiff';

/**
 * Situations from public reports whose right value needs the pixels: sizes, orientations, masks, archives. The names
 * are those of the collection they come from.
 */
useDataDirectory();
let scratch = '';
beforeAll(async () => {
  await ensureLocalUser();
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-cases-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const [WIDTH, HEIGHT] = [160, 120];
let shade = 0;
/** A grey picture of its own, 160 x 120 px as stored. */
function picture(orientation = 1, format: 'png' | 'jpeg' = 'png'): Promise<Uint8Array> {
  shade += 1;
  const grey = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: { r: shade, g: 90, b: 90 } } });
  return (orientation === 1 ? grey : grey.withMetadata({ orientation })).toFormat(format).toBuffer();
}

/** A mask with a square of 20 px at (10, 10). */
function mask(value: number, more: (data: Uint8Array) => void = () => undefined): Sharp {
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 10; y < 30; y += 1) {
    data.fill(value, y * WIDTH + 10, y * WIDTH + 30);
  }
  more(data);
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w');
}

const coco = (ring: number[], size: { width: number; height: number }, file_name = 'a.png') =>
  JSON.stringify({
    images: [{ id: 1, file_name, ...size }],
    annotations: [{ id: 1, image_id: 1, category_id: 1, segmentation: [ring] }],
    categories: [{ id: 1, name: 'scratch' }],
  });

type Files = Record<string, Uint8Array | string>;
/** `label type area box` of each item, and the codes of the problems. */
async function contents(ids: { datasetId: string; jobId: string }) {
  const items = (await contentsOf(ids.datasetId)).map(({ path, fields, parts, mask: rle }) => {
    const area = rle?.counts.reduce((sum, count, i) => sum + (i % 2 === 1 ? count : 0), 0);
    return [
      path,
      [fields.label, fields.defectType, area, ...parts.map(({ bbox }) => bbox.join(' '))]
        .filter((part) => part !== null && part !== undefined)
        .join(' | '),
    ];
  });
  const problems = await listImportProblems(ids.jobId, -1, 100);
  return { items: Object.fromEntries(items) as Record<string, string>, codes: problems.map(({ code }) => code) };
}

async function imported(files: Files) {
  const root = await layFiles(files);
  try {
    return await contents(await importFolder(root));
  } finally {
    await removeFolder(root);
  }
}

describe('the stated size', () => {
  const ring = [120, 10, 150, 10, 150, 30, 120, 30];

  test('c08: a photo that EXIF turns, annotated as stored', async () => {
    const found = await imported({
      'a.jpg': await picture(6, 'jpeg'),
      'a.json': coco(ring, { width: 160, height: 120 }, 'a.jpg'),
    });
    expect(found).toEqual({ items: { 'a.jpg': 'anomalous | scratch | 600 | 90 120 20 30' }, codes: [] });
  });

  test.each([
    [5, '10 120 20 30'],
    [7, '90 10 20 30'],
    [8, '10 10 20 30'],
  ])('orientation %i', async (orientation, box) => {
    const found = await imported({
      'a.jpg': await picture(orientation, 'jpeg'),
      'a.json': coco(ring, { width: 160, height: 120 }, 'a.jpg'),
    });
    expect(found.items).toEqual({ 'a.jpg': `anomalous | scratch | 600 | ${box}` });
  });

  test('a photo that EXIF turns, annotated as shown', async () => {
    const shown = coco([90, 120, 110, 120, 110, 150, 90, 150], { width: 120, height: 160 }, 'a.jpg');
    const found = await imported({ 'a.jpg': await picture(6, 'jpeg'), 'a.json': shown });
    expect(found).toEqual({ items: { 'a.jpg': 'anomalous | scratch | 600 | 90 120 20 30' }, codes: [] });
  });

  test('c09: a rescaled copy', async () => {
    const found = await imported({
      'a.png': await picture(),
      'a.json': coco([20, 20, 60, 20, 60, 60, 20, 60], { width: 320, height: 240 }),
    });
    expect(found).toEqual({ items: { 'a.png': 'anomalous | scratch | 400 | 10 10 20 20' }, codes: ['moved'] });
  });

  test('a size that nothing explains: the label stays, the place is unknown', async () => {
    const found = await imported({ 'a.png': await picture(), 'a.json': coco(ring, { width: 500, height: 120 }) });
    expect(found).toEqual({ items: { 'a.png': 'anomalous | scratch' }, codes: ['size_mismatch'] });
  });

  test('width and height the wrong way round', async () => {
    const found = await imported({ 'a.png': await picture(), 'a.json': coco(ring, { width: 120, height: 160 }) });
    expect(found).toEqual({ items: { 'a.png': 'anomalous | scratch | 600 | 120 10 30 20' }, codes: ['moved'] });
  });
});

describe('masks', () => {
  const category = async (file: Uint8Array, image?: Uint8Array): Promise<Files> => ({
    'part/test/good/000.png': await picture(),
    'part/train/good/000.png': await picture(),
    'part/test/scratch/000.png': image ?? (await picture()),
    'part/ground_truth/scratch/000_mask.png': file,
  });
  const scratchOf = async (files: Files) => (await imported(files)).items['part/test/scratch/000.png'];

  test('m18: 16 bit class numbers', async () => {
    const data = new Uint16Array(WIDTH * HEIGHT);
    for (let y = 10; y < 30; y += 1) {
      data.fill(1, y * WIDTH + 10, y * WIDTH + 30);
    }
    const raw = { width: WIDTH, height: HEIGHT, channels: 1 } as const;
    const deep = await sharp(data, { raw }).toColourspace('grey16').png().toBuffer();
    expect(await scratchOf(await category(deep))).toBe('anomalous | scratch | 400 | 10 10 20 20');
  });

  test('m22: a mask as stored of a photo that EXIF turns', async () => {
    const files = await category(await mask(255).png().toBuffer(), await picture(6, 'jpeg'));
    expect(await scratchOf(files)).toBe('anomalous | scratch | 400 | 90 10 20 20');
  });

  test('a dark grey beside a brighter one; a soft edge', async () => {
    const classes = mask(40, (data) => data.fill(200, 50 * WIDTH, 50 * WIDTH + 10));
    expect(await scratchOf(await category(await classes.png().toBuffer()))).toBe(
      'anomalous | scratch | 410 | 0 10 30 41',
    );
    const soft = mask(255).blur(3);
    const area = Number((await scratchOf(await category(await soft.png().toBuffer())))?.split(' | ')[2]);
    expect(area).toBeGreaterThan(330);
    expect(area).toBeLessThan(430);
  });

  test('a mask that EXIF does not explain, scaled from another size', async () => {
    const large = await mask(255).resize(320, 240, { kernel: 'nearest' }).png().toBuffer();
    expect(await scratchOf(await category(large))).toBe('anomalous | scratch | 400 | 10 10 20 20');
  });
});

test('l03: a Label Studio bit mask, black on transparent; labelme’s mask of a part', async () => {
  const rgba = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let y = 10; y < 30; y += 1) {
    for (let x = 10; x < 30; x += 1) {
      rgba[(y * WIDTH + x) * 4 + 3] = 255;
    }
  }
  const png = await sharp(rgba, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
    .png()
    .toBuffer();
  const value = { imageDataURL: `data:image/png;base64,${png.toString('base64')}`, bitmasklabels: ['scratch'] };
  const result = {
    id: 'r',
    from_name: 'l',
    to_name: 'image',
    type: 'bitmasklabels',
    original_width: 160,
    original_height: 120,
    value,
  };
  const tasks = JSON.stringify([
    { id: 1, data: { image: '/data/upload/1/a.png' }, annotations: [{ id: 1, result: [result] }] },
  ]);
  const studio = await imported({ 'images/a.png': await picture(), 'tasks.json': tasks });
  expect(studio).toEqual({ items: { 'images/a.png': 'anomalous | scratch | 400 | 10 10 20 20' }, codes: [] });

  const part = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const shape = {
    label: 'scratch',
    shape_type: 'mask',
    points: [
      [10, 10],
      [29, 29],
    ],
    mask: part.toString('base64'),
  };
  const labelme = JSON.stringify({
    version: '5.4',
    imagePath: 'a.png',
    imageData: null,
    shapes: [shape],
    imageWidth: 160,
    imageHeight: 120,
  });
  expect(await imported({ 'a.png': await picture(), 'a.json': labelme })).toEqual({
    items: { 'a.png': 'anomalous | scratch | 400 | 10 10 20 20' },
    codes: [],
  });
});

describe('archives', () => {
  /** A zip whose names are written byte by byte, as tools of other systems do. */
  async function zipped(entries: readonly (readonly [name: Buffer, bytes: Uint8Array])[]): Promise<string> {
    const archive = new yazl.ZipFile();
    const holders = entries.map(([name], i) => `${String(i).padStart(name.length - 4, 'x')}.bin`);
    entries.forEach(([, bytes], i) => archive.addBuffer(Buffer.from(bytes), holders[i] ?? ''));
    archive.end();
    const chunks: Buffer[] = [];
    for await (const chunk of archive.outputStream) {
      chunks.push(chunk as Buffer);
    }
    let packed = Buffer.concat(chunks).toString('latin1');
    entries.forEach(([name], i) => {
      packed = packed.replaceAll(holders[i] ?? '', name.toString('latin1'));
    });
    const file = join(scratch, `${Math.random()}.zip`);
    // Without the flag that says the names are UTF-8.
    const bytes = Buffer.from(packed, 'latin1');
    for (let at = bytes.indexOf('PK\u0001\u0002'); at !== -1; at = bytes.indexOf('PK\u0001\u0002', at + 4)) {
      bytes.writeUInt16LE(bytes.readUInt16LE(at + 8) & ~0x800, at + 8);
    }
    await writeFile(file, bytes);
    return file;
  }

  async function importedArchive(file: string) {
    const { id: datasetId } = await newDataset(owner, file.slice(-40));
    const source = createReadStream(file);
    const job = await newArchiveImport(owner, datasetId, { source, name: 'a.zip', format: 'auto', runner: 'cli' });
    await runImport(job.id, { signal: new AbortController().signal });
    return contents({ datasetId, jobId: job.id });
  }

  const [gbk, sjis, cp437] = [
    [Buffer.from([0xbb, 0xae, 0xba, 0xdb]), '划痕'],
    [Buffer.from([0x83, 0x4c, 0x83, 0x59]), 'キズ'],
    [Buffer.from([0x4d, 0x81, 0x6c, 0x6c, 0x2d, 0x94]), 'Müll-ö'],
  ] as const;
  test.each([gbk, sjis, cp437])('names in an older encoding keep apart (%#)', async (bytes, text) => {
    const name = (folder: string) => Buffer.concat([Buffer.from(`${folder}/`), bytes, Buffer.from('.png')]);
    const found = await importedArchive(
      await zipped([
        [name('good'), await picture()],
        [name('bad'), await picture()],
      ]),
    );
    expect(found).toEqual({
      items: { [`bad/${text}.png`]: 'anomalous | anomaly', [`good/${text}.png`]: 'normal' },
      codes: ['encoding'],
    });
  });

  test('z02: backslashes', async () => {
    const found = await importedArchive(
      await zipped([
        [Buffer.from('good\\aa.png'), await picture()],
        [Buffer.from('bad\\bbb.png'), await picture()],
      ]),
    );
    expect(found).toEqual({ items: { 'bad/bbb.png': 'anomalous | anomaly', 'good/aa.png': 'normal' }, codes: [] });
  });

  test('z05 and z06: two wrapper folders around a set of CVAT, whose names end in .names', async () => {
    const archive = new yazl.ZipFile();
    const add = (name: string, bytes: Uint8Array | string) =>
      archive.addBuffer(Buffer.from(bytes), `my set/y01/${name}`);
    add('obj_train_data/a.png', await picture());
    add('obj_train_data/a.txt', '0 0.5 0.5 0.25 0.25\n');
    add('obj.names', 'scratch\n');
    add('obj.data', 'classes = 1\n');
    add('train.txt', 'data/obj_train_data/a.png\n');
    archive.end();
    const file = join(scratch, 'z06.zip');
    await pipeline(archive.outputStream, createWriteStream(file));
    expect(await importedArchive(file)).toEqual({
      items: { 'obj_train_data/a.png': 'anomalous | scratch | 1200 | 60 45 40 30' },
      codes: [],
    });
  });
});

test('folders of images and masks: the masks say what is anomalous, and what is normal', async () => {
  const [square, empty] = [await mask(255).png().toBuffer(), await mask(0).png().toBuffer()];
  const found = await imported({
    'images/a.png': await picture(),
    'images/b.png': await picture(),
    'images/c.png': await picture(),
    'images/d.png': await picture(),
    'masks/a.png': square,
    'masks/b.png': empty,
    'masks/d.png': square.subarray(0, 60),
  });
  expect(found.items).toEqual({
    'images/a.png': 'anomalous | 400 | 10 10 20 20',
    'images/b.png': 'normal',
    'images/c.png': 'unlabelled',
    'images/d.png': 'unlabelled',
  });
  expect([...found.codes].sort()).toEqual(['by_mask', 'not_labelled', 'unreadable_mask']);
});

test('a mask that marks something speaks against a normal image, and an empty one does not', async () => {
  const [square, empty] = [await mask(255).png().toBuffer(), await mask(0).png().toBuffer()];
  const found = await imported({
    'images/a.png': await picture(),
    'images/b.png': await picture(),
    'images/c.png': await picture(),
    'masks/a.png': square,
    'masks/b.png': empty,
    'masks/c.png': square.subarray(0, 60),
    'labels.csv': 'image,label\na.png,OK\nb.png,OK\nc.png,OK\n',
  });
  expect(found.items).toEqual({
    'images/a.png': 'unlabelled | 400 | 10 10 20 20',
    'images/b.png': 'normal',
    'images/c.png': 'unlabelled',
  });
  expect([...found.codes].sort()).toEqual(['contradiction', 'contradiction', 'unreadable_mask']);
});

test('masks beside their images, as KolektorSDD has them', async () => {
  const found = await imported({
    'kos01/Part0.png': await picture(),
    'kos01/Part0_label.bmp': await mask(255).png().toBuffer(),
    'kos02/Part1.png': await picture(),
    'kos02/Part1_label.bmp': await mask(0).png().toBuffer(),
  });
  expect(found.items).toEqual({ 'kos01/Part0.png': 'anomalous | 400 | 10 10 20 20', 'kos02/Part1.png': 'normal' });
});

describe('TIFF stacks', () => {
  const plane = (value: number, spot = -1) => ({
    width: 20,
    height: 10,
    values: Array.from({ length: 200 }, (_, i) => (i === spot ? 3000 : value)),
  });
  const stack = (...values: number[]) =>
    makeTiff(
      values.map((value) => plane(value)),
      { bits: 16 },
    );

  test('each page is an item with its own mask, whatever the folders say of the file', async () => {
    const masks = makeTiff([plane(0, 3), plane(0, 25), plane(0, 199)], { bits: 16 });
    const found = await imported({
      'part/train/good/0.tif': stack(1000),
      'part/test/good/1.tif': stack(1100, 1200),
      'part/test/dent/2.tif': stack(2000, 2100, 2200),
      'part/ground_truth/dent/2_mask.tif': masks,
    });
    expect(found.items).toEqual({
      'part/train/good/0.tif': 'normal',
      'part/test/good/1.page1.tif': 'normal',
      'part/test/good/1.page2.tif': 'normal',
      'part/test/dent/2.page1.tif': 'anomalous | dent | 1 | 3 0 1 1',
      'part/test/dent/2.page2.tif': 'anomalous | dent | 1 | 5 1 1 1',
      'part/test/dent/2.page3.tif': 'anomalous | dent | 1 | 19 9 1 1',
    });
    expect(found.codes.filter((code) => code !== 'read_as')).toEqual(['pages', 'pages']);
  });

  test('what a label file says of a stack is said of its first page; the others are unlabelled', async () => {
    const found = await imported({
      'a.tif': stack(1000, 1100),
      'b.tif': stack(1200, 1300),
      'c.json': JSON.stringify({
        images: [
          { id: 1, file_name: 'a.tif', width: 20, height: 10 },
          { id: 2, file_name: 'b.tif', width: 20, height: 10 },
        ],
        annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [2, 2, 4, 4] }],
        categories: [{ id: 1, name: 'dent' }],
      }),
    });
    expect(found.items).toEqual({
      'a.page1.tif': 'anomalous | dent | 16 | 2 2 4 4',
      'a.page2.tif': 'unlabelled',
      'b.page1.tif': 'normal',
      'b.page2.tif': 'unlabelled',
    });
  });

  test('images without labels; a repeated import changes nothing', async () => {
    const root = await layFiles({ 'a.tif': stack(1000, 1100), 'b.tif': stack(1200) });
    const first = await importFolder(root);
    expect((await contents(first)).items).toEqual({
      'a.page1.tif': 'unlabelled',
      'a.page2.tif': 'unlabelled',
      'b.tif': 'unlabelled',
    });
    const { jobId } = await importFolder(root, 'auto', first.datasetId);
    expect(await getImportJob(jobId)).toMatchObject({ added: 0, updated: 0, unchanged: 3 });
    await removeFolder(root);
  });
});
