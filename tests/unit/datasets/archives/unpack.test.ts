import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import yazl from 'yazl';
import { importLimits } from '@/lib/datasets/contract';
import { Gatekeeper } from '@/lib/datasets/archives/gatekeeper';
import { LocalReader, STAGED } from '@/lib/datasets/import/reader/set-reader';
import { unpack } from '@/lib/datasets/archives/unpack';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'looktwice-archive-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

type Entry = { name: string; bytes?: Buffer; type?: 'file' | 'symlink' | 'link' | 'directory'; linkname?: string };
const target = () => join(root, 'out');

async function tar(entries: readonly Entry[]): Promise<string> {
  const stream = pack();
  for (const { name, bytes = Buffer.from('x'), type = 'file', linkname } of entries) {
    stream.entry({ name, type, ...(linkname !== undefined && { linkname }) }, type === 'file' ? bytes : undefined);
  }
  stream.finalize();
  const file = join(root, 'a.tar');
  await pipeline(stream, createWriteStream(file));
  return file;
}

async function zip(entries: readonly Entry[], rename: Record<string, string> = {}, mode?: number): Promise<string> {
  const archive = new yazl.ZipFile();
  for (const { name, bytes = Buffer.from('x') } of entries) {
    archive.addBuffer(bytes, name, mode === undefined ? {} : { mode });
  }
  archive.end();
  const file = join(root, 'a.zip');
  await pipeline(archive.outputStream, createWriteStream(file));
  // yazl writes no evil names; they are put in afterwards, of the same length.
  let text = await readFile(file, 'latin1');
  for (const [from, to] of Object.entries(rename)) {
    text = text.replaceAll(from, to);
  }
  await writeFile(file, text, 'latin1');
  return file;
}

async function files(): Promise<string[]> {
  const entries = await readdir(target(), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(target().length + 1))
    .sort();
}

test('an archive that takes too long to unpack is given up, in the middle of an entry too', async () => {
  const large = { name: 'set/good/1.png', bytes: Buffer.alloc(8 * 2 ** 20, 7) };
  await rename(await tar([large]), join(root, STAGED.archive));
  const { signal } = new AbortController();
  const source = { directory: root, staged: true, format: 'auto' as const };
  await expect(new LocalReader(1).list(source, signal)).rejects.toThrow(
    /^Unpacking took more than .* minutes: split the set\.$/,
  );
  expect((await new LocalReader().list(source, signal)).total).toBe(1);
});

test('unpacks zip, tar and tar.gz alike', async () => {
  const entries = [{ name: 'set/good/1.png', bytes: Buffer.from('image') }, { name: 'set/labels.json' }];
  for (const archive of [await zip(entries), await tar(entries)]) {
    expect(await unpack(archive, target())).toEqual([]);
    expect(await files()).toEqual(['set/good/1.png', 'set/labels.json']);
    expect(await readFile(join(target(), 'set/good/1.png'), 'utf8')).toBe('image');
    await rm(target(), { recursive: true });
  }
  const packed = join(root, 'a.tar.gz');
  await writeFile(packed, gzipSync(await readFile(await tar(entries))));
  expect(await unpack(packed, target())).toEqual([]);
  expect(await files()).toHaveLength(2);
});

test('writes nothing outside: names that climb out, are absolute or have backslashes are left out and told', async () => {
  const evil = ['../evil.png', '/abs/evil.png', 'a/../../evil.png', 'C:/evil.png', 'a\\..\\evil.png'];
  const problems = await unpack(await tar([...evil.map((name) => ({ name })), { name: 'ok.png' }]), target());
  expect(problems.filter(({ code }) => code === 'unsafe_path')).toHaveLength(evil.length);
  expect(await files()).toEqual(['ok.png']);
  expect(await readdir(root)).not.toContain('evil.png');
  await rm(target(), { recursive: true });
  const inZip = await zip([{ name: 'xx/evil.png' }, { name: 'ok.png' }], { 'xx/evil.png': '../evil.png' });
  expect(await unpack(inZip, target())).toEqual([
    expect.objectContaining({ code: 'unsafe_path', place: '../evil.png' }),
  ]);
  expect(await files()).toEqual(['ok.png']);
});

test('links are not unpacked, neither from tar nor from zip', async () => {
  const links: Entry[] = [
    { name: 'link.png', type: 'symlink', linkname: '/etc/passwd' },
    { name: 'hard.png', type: 'link', linkname: '/etc/passwd' },
  ];
  const problems = await unpack(await tar([...links, { name: 'ok.png' }]), target());
  expect(problems.map(({ code }) => code)).toEqual(['unsafe_entry', 'unsafe_entry']);
  expect(await files()).toEqual(['ok.png']);
  await rm(target(), { recursive: true });
  const inZip = await zip([{ name: 'link.png', bytes: Buffer.from('/etc/passwd') }], {}, 0o120777);
  expect((await unpack(inZip, target())).map(({ code }) => code)).toEqual(['unsafe_entry']);
  expect(await files()).toEqual([]);
});

test('files that no set needs are left out; names that differ in letter case only are two files where the disk has both', async () => {
  const entries = [{ name: 'A.png' }, { name: 'a.PNG' }, { name: 'run.exe' }, { name: '.hidden.png' }];
  const problems = await unpack(await tar(entries), target());
  const found = (await files()).sort();
  const lost = found.length === 1 ? [['duplicate', 'a.PNG']] : [];
  expect(problems.map(({ code, place }) => [code, place])).toEqual([
    ...lost,
    ['not_needed', 'run.exe'],
    ['not_needed', '.hidden.png'],
  ]);
  expect(found).toEqual(lost.length === 0 ? ['A.png', 'a.PNG'] : ['A.png']);
});

test('spreadsheets and the like are told as label files that are not read', async () => {
  const entries = ['a.png', 'labels.xlsx', 'Thumbs.db', 'labels.pdf', 'manual.pdf'].map((name) => ({ name }));
  const problems = await unpack(await tar(entries), target());
  expect(problems.map(({ code, place }) => `${code} ${place}`)).toEqual([
    'bad_file labels.xlsx',
    'not_needed Thumbs.db',
    'bad_file labels.pdf',
    'not_needed manual.pdf',
  ]);
  expect(problems[0]?.message).toContain('export them as CSV');
});

test('where the disk folds names, the first of two counts and the other is told', () => {
  const keeper = new Gatekeeper(1000, importLimits, true);
  const names = ['A.png', 'a.PNG', 'e\u0301.png', '\u00e9.png', 'b.png'];
  expect(names.map((name) => keeper.admit(name, 'file'))).toEqual([
    'A.png',
    undefined,
    'e\u0301.png',
    undefined,
    'b.png',
  ]);
  expect(keeper.problems.map(({ code, place }) => [code, place])).toEqual([
    ['duplicate', 'a.PNG'],
    ['duplicate', '\u00e9.png'],
  ]);
});

test('stops at bombs: the ratio, the total and the number of entries', async () => {
  const zeros = Buffer.alloc(40 * 2 ** 20);
  await expect(unpack(await zip([{ name: 'a.png', bytes: zeros }]), target())).rejects.toThrow(/times its size/);
  const limits = { ...importLimits, unpackedBytes: 1000, ratio: 1e9 };
  const many = [
    { name: 'a.png', bytes: Buffer.alloc(600) },
    { name: 'b.png', bytes: Buffer.alloc(600) },
  ];
  await expect(unpack(await tar(many), target(), { limits })).rejects.toThrow(/more than 1000 bytes/);
  // What is left out counts as well.
  const hidden = [{ name: 'a.exe', bytes: Buffer.alloc(2000) }];
  await expect(unpack(await tar(hidden), target(), { limits })).rejects.toThrow(/more than 1000 bytes/);
  await expect(unpack(await tar(many), target(), { limits: { ...importLimits, entries: 1 } })).rejects.toThrow(
    /entries/,
  );
});

test('damaged and foreign files are refused with a sentence', async () => {
  const whole = await readFile(await tar([{ name: 'a.png', bytes: Buffer.alloc(5000, 7) }]));
  const file = join(root, 'cut');
  await writeFile(file, whole.subarray(0, 3000));
  await expect(unpack(file, target())).rejects.toThrow(/damaged or cut off/);
  await writeFile(file, gzipSync(whole).subarray(0, 60));
  await expect(unpack(file, target())).rejects.toThrow(/damaged or cut off/);
  await writeFile(file, 'just text');
  await expect(unpack(file, target())).rejects.toThrow(/no zip, tar or tar.gz/);
});

test.each([
  ['7z', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0])],
  ['RAR', Buffer.from('Rar!\u001a\u0007\u0001')],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])],
])('an archive of another kind is named: %s', async (kind, bytes) => {
  await writeFile(join(root, 'a.zip'), bytes);
  await expect(unpack(join(root, 'a.zip'), target())).rejects.toThrow(`is a ${kind} archive`);
});

test('a target that holds a link to the outside is not written through', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'looktwice-outside-'));
  await symlink(outside, join(root, 'link'));
  const problems = await unpack(
    await tar([{ name: 'link', type: 'symlink', linkname: outside }, { name: 'link/a.png' }]),
    target(),
  );
  expect(problems.map(({ code }) => code)).toEqual(['unsafe_entry']);
  expect(await readdir(outside)).toEqual([]);
  await rm(outside, { recursive: true });
});
