import sharp, { type Sharp } from 'sharp';
import { listImportProblems } from '@/lib/database/import-jobs';
import { ensureLocalUser } from '@/lib/database/users';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { contentsOf, importFolder } from '../support/sets';

/**
 * Further members of the kinds of `import-cases.test.ts` that need the pixels: masks of all sorts, and images that are
 * not what their names say.
 */
useDataDirectory();
beforeAll(() => ensureLocalUser());

const [WIDTH, HEIGHT] = [160, 120];
let shade = 0;
function picture(): Sharp {
  shade += 1;
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: { r: shade, g: 90, b: 90 } } });
}
const png = () => picture().png().toBuffer();

/** `inside` in a square of 20 px at (10, 10), `outside` around it, each a pixel's values. */
function square(
  inside: readonly number[],
  outside: readonly number[] = inside.map(() => 0),
  size = { width: WIDTH, height: HEIGHT },
): Sharp {
  const channels = inside.length as 1 | 2 | 3 | 4;
  const data = Buffer.alloc(size.width * size.height * channels);
  for (let i = 0; i < size.width * size.height; i += 1) {
    const [x, y] = [i % size.width, Math.floor(i / size.width)];
    const isInside = x >= 10 && x < 30 && y >= 10 && y < 30;
    data.set(isInside ? inside : outside, i * channels);
  }
  return sharp(data, { raw: { ...size, channels } });
}
const grey = (inside: number, outside = 0) => square([inside], [outside]).toColourspace('b-w');

async function imported(files: Record<string, Uint8Array | string>) {
  const root = await layFiles(files);
  try {
    const ids = await importFolder(root);
    const items = (await contentsOf(ids.datasetId)).map(({ path, fields, mask }) => {
      const area = mask?.counts.reduce((sum, count, i) => sum + (i % 2 === 1 ? count : 0), 0);
      return [path, [fields.label, area].filter((part) => part !== null && part !== undefined).join(' | ')];
    });
    const problems = await listImportProblems(ids.jobId, -1, 100);
    return {
      items: Object.fromEntries(items) as Record<string, string>,
      problems: problems.map(({ code, place }) => `${code} ${place}`),
      messages: problems.map(({ message }) => message).join('\n'),
    };
  } finally {
    await removeFolder(root);
  }
}

/** What a mask makes of the image of a defect. */
async function ofMask(bytes: Uint8Array, name = '0_mask.png') {
  const { items } = await imported({
    'train/good/9.png': await png(),
    'test/bad/0.png': await png(),
    [`ground_truth/bad/${name}`]: bytes,
  });
  return items['test/bad/0.png'];
}

describe('masks', () => {
  test.each<{ kind: string; make: () => Promise<Uint8Array>; file?: string }>([
    { kind: 'of 1 bit', make: () => grey(255).png({ palette: true, colours: 2 }).toBuffer() },
    { kind: 'with a palette, red on black', make: () => square([255, 0, 0]).png({ palette: true }).toBuffer() },
    { kind: 'with dark blue for the class', make: () => square([0, 0, 64]).png().toBuffer() },
    { kind: 'white on transparent', make: () => square([255, 255, 255, 255]).png().toBuffer() },
    { kind: 'black on transparent', make: () => square([0, 0, 0, 255]).png().toBuffer() },
    { kind: 'white on black, opaque', make: () => square([255, 255, 255, 255], [0, 0, 0, 255]).png().toBuffer() },
    { kind: 'grey with alpha', make: () => square([255, 255], [0, 255]).png().toBuffer() },
    { kind: 'class number 1 of 8 bits', make: () => grey(1).png().toBuffer() },
    { kind: '255 as JPEG with its noise', make: () => grey(255).jpeg({ quality: 70 }).toBuffer(), file: '0_mask.jpg' },
    { kind: 'as WebP without loss', make: () => grey(255).webp({ lossless: true }).toBuffer(), file: '0_mask.webp' },
    { kind: 'as TIFF of 1 bit', make: () => grey(255).tiff({ bitdepth: 1 }).toBuffer(), file: '0_mask.tif' },
    { kind: 'as TIFF with LZW', make: () => grey(255).tiff({ compression: 'lzw' }).toBuffer(), file: '0_mask.tiff' },
    { kind: 'as GIF', make: () => square([255, 255, 255]).gif().toBuffer(), file: '0_mask.gif' },
  ])('$kind', async ({ make, file }) => {
    const [label, area] = ((await ofMask(await make(), file)) ?? '').split(' | ');
    expect(label).toBe('anomalous');
    // JPEG blurs the edge by a pixel.
    expect(Math.abs(Number(area) - 400)).toBeLessThanOrEqual(file === '0_mask.jpg' ? 40 : 0);
  });

  test('soft edges: at most a pixel wider', async () => {
    const soft = await grey(255).blur(1).png().toBuffer();
    const area = Number((await ofMask(soft))?.split(' | ')[1]);
    expect(area).toBeGreaterThanOrEqual(400);
    expect(area).toBeLessThanOrEqual(22 * 22);
  });

  test('of twice and of half the size', async () => {
    const large = await grey(255).resize(320, 240, { kernel: 'nearest' }).png().toBuffer();
    const small = await grey(255).resize(80, 60, { kernel: 'nearest' }).png().toBuffer();
    expect([await ofMask(large), await ofMask(small)]).toEqual(['anomalous | 400', 'anomalous | 400']);
  });

  test('of another shape: no mask, and both sizes are named', async () => {
    const { items, messages } = await imported({
      'train/good/9.png': await png(),
      'test/bad/0.png': await png(),
      'ground_truth/bad/0_mask.png': await square([255], [0], { width: 100, height: 100 }).png().toBuffer(),
    });
    expect(items['test/bad/0.png']).toBe('anomalous');
    expect(messages).toContain('100 x 100 px');
    expect(messages).toContain('160 x 120 px');
  });

  test('black on white: told, since nobody can tell it from a large defect', async () => {
    const { items, problems, messages } = await imported({
      'images/a.png': await png(),
      'masks/a.png': await grey(0, 255).png().toBuffer(),
    });
    expect(items['images/a.png']).toBe('anomalous | 18800');
    expect(problems).toContain('large_mask images/a.png');
    expect(messages).toContain('98 %');
  });
});

describe('images', () => {
  const yolo = (name: string, bytes: Uint8Array | string) => ({
    'images/ok.png': '',
    [`images/${name}`]: bytes,
    'labels/ok.txt': '0 0.5 0.5 0.25 0.25',
  });
  test.each<[string, string, () => Promise<Uint8Array>]>([
    ['a JPEG called .png', 'a.png', () => picture().jpeg().toBuffer()],
    ['an ending in capitals', 'A.JPEG', () => picture().jpeg().toBuffer()],
    ['CMYK', 'a.jpg', () => picture().toColourspace('cmyk').jpeg().toBuffer()],
    ['progressive', 'a.jpg', () => picture().jpeg({ progressive: true }).toBuffer()],
    ['16 bit grey with alpha', 'a.png', () => square([9, 255]).toColourspace('grey16').png().toBuffer()],
    ['TIFF with JPEG', 'a.tif', () => picture().tiff({ compression: 'jpeg' }).toBuffer()],
    ['TIFF with Deflate', 'a.tif', () => picture().tiff({ compression: 'deflate' }).toBuffer()],
    ['tiled TIFF', 'a.tif', () => picture().tiff({ tile: true, tileWidth: 64, tileHeight: 64 }).toBuffer()],
    ['big TIFF', 'a.tif', () => picture().tiff({ bigtiff: true }).toBuffer()],
    ['a wide gamut', 'a.png', () => picture().withIccProfile('p3').png().toBuffer()],
    ['WebP', 'a.webp', () => picture().webp().toBuffer()],
    ['AVIF', 'a.avif', () => picture().avif().toBuffer()],
  ])('%s', async (_, name, make) => {
    const { items } = await imported({ ...yolo(name, await make()), 'images/ok.png': await png() });
    expect(items).toHaveProperty([`images/${name}`]);
  });

  test.each<[string, string, () => Promise<Uint8Array>]>([
    ['nothing', 'a.png', () => Promise.resolve(new Uint8Array())],
    ['text', 'a.jpg', () => Promise.resolve(Buffer.from('404: Not Found'))],
    ['a page', 'a.jpg', () => Promise.resolve(Buffer.from('<!DOCTYPE html><html></html>'))],
    ['a JPEG that is cut off', 'a.jpg', async () => (await picture().jpeg().toBuffer()).subarray(0, 300)],
  ])('%s is left out, named once, and no other image suffers', async (_, name, make) => {
    const { items, problems } = await imported({ ...yolo(name, await make()), 'images/ok.png': await png() });
    expect(items).toEqual({ 'images/ok.png': 'anomalous | 1200' });
    expect(problems.filter((problem) => problem.endsWith(`images/${name}`))).toEqual([
      `unreadable_image images/${name}`,
    ]);
    expect(problems.filter((problem) => problem.startsWith('not_labelled'))).toEqual([]);
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['without any label', {}, ['not_labelled .', 'unreadable_image b.png']],
    [
      'with a row that cannot be read',
      { 'labels.csv': 'image,label\na.png,OK\nb.png,\u2026\n' },
      ['unreadable_image b.png'],
    ],
  ])('one that cannot be read, %s, is listed once', async (_, files, expected) => {
    const found = await imported({ ...files, 'a.png': await png(), 'b.png': 'no image' });
    expect(found.problems.sort()).toEqual(expected);
    expect(found.messages).not.toContain('2 images');
  });

  test('one that cannot be read and has no mask is listed once', async () => {
    const { problems } = await imported({
      'train/good/9.png': await png(),
      'test/bad/0.png': 'no image',
      'test/bad/1.png': await png(),
      'ground_truth/bad/1_mask.png': await grey(255).png().toBuffer(),
    });
    expect(problems).toEqual(['unreadable_image test/bad/0.png']);
  });

  test('files of systems are no images', async () => {
    const { items, problems } = await imported({
      'good/a.png': await png(),
      'good/._a.png': 'Mac OS X',
      'good/Thumbs.db': 'x',
      '__MACOSX/good/._a.png': 'Mac OS X',
      'good/.DS_Store': 'x',
      'good/desktop.ini': 'x',
      'bad/b.png': await png(),
    });
    expect([items, problems]).toEqual([{ 'bad/b.png': 'anomalous', 'good/a.png': 'normal' }, []]);
  });
});
