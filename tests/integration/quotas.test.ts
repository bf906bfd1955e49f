import { readdir, utimes, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as images from '@/app/api/images/route';
import { errorBodySchema } from '@/lib/contract';
import { imageVariant } from '@/lib/images/variant';
import { prunePictures } from '@/lib/images/prune-pictures';
import { database } from '@/lib/database/client';
import { getImportJob } from '@/lib/database/import-jobs';
import { ensureLocalUser } from '@/lib/database/users';
import { runImport } from '@/lib/datasets/import/run-import';
import { newDataset } from '@/lib/datasets/sets';
import { newFolderImport } from '@/lib/datasets/start';
import { reserveRoom } from '@/lib/http/room';
import { owner } from '../support/conversations';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { makePng } from '../support/images';
import { call } from '../support/request';

const data = useDataDirectory();
beforeAll(ensureLocalUser);
afterEach(() => {
  for (const name of ['LOOKTWICE_ACCOUNT_QUOTA', 'LOOKTWICE_QUOTA', 'LOOKTWICE_PICTURE_CACHE']) {
    delete process.env[name];
  }
});

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(3)}MB`;

async function upload(body: Buffer): Promise<[number, string, string]> {
  const headers = { 'content-length': String(body.byteLength) };
  const response = await call(images.POST, '/api/images', { body, headers });
  const parsed = errorBodySchema.safeParse(await response.json());
  return parsed.success
    ? [response.status, parsed.data.error.code, parsed.data.error.message]
    : [response.status, '', ''];
}

test('an account, and the server, hold as many images as they may, and what is beyond is refused before it is stored', async () => {
  const [first, second] = [await makePng(1, 200, 150), await makePng(2, 200, 150)];
  expect((await upload(first))[0]).toBe(200);
  process.env.LOOKTWICE_ACCOUNT_QUOTA = megabytes(first.byteLength + 2_000);
  const [status, code, message] = await upload(second);
  expect([status, code]).toEqual([413, 'quota_exceeded']);
  expect(message).toMatch(
    /^Your images take 1 MB of the 1 MB that an account may have: delete what you no longer need/,
  );
  delete process.env.LOOKTWICE_ACCOUNT_QUOTA;
  process.env.LOOKTWICE_QUOTA = megabytes(first.byteLength + 2_000);
  expect((await upload(second)).slice(0, 2)).toEqual([507, 'disk_full']);
  expect(await database().image.count()).toBe(1);
  delete process.env.LOOKTWICE_QUOTA;
  expect((await upload(second))[0]).toBe(200);
});

test('two uploads at once do not take the same room, and give it back', async () => {
  const { _sum } = await database().image.aggregate({ _sum: { bytes: true } });
  process.env.LOOKTWICE_ACCOUNT_QUOTA = megabytes((_sum.bytes ?? 0) + 10_000);
  const release = await reserveRoom(owner, 6_000);
  await expect(reserveRoom(owner, 6_000)).rejects.toMatchObject({ code: 'quota_exceeded', status: 413 });
  const another = await reserveRoom({ userId: 'another' }, 6_000);
  release();
  release();
  (await reserveRoom(owner, 6_000))();
  another();
});

test('of two that begin at the same moment no more than one takes the last room', async () => {
  const { _sum } = await database().image.aggregate({ _sum: { bytes: true } });
  process.env.LOOKTWICE_ACCOUNT_QUOTA = megabytes((_sum.bytes ?? 0) + 10_000);
  const both = await Promise.allSettled([reserveRoom(owner, 6_000), reserveRoom(owner, 6_000)]);
  expect(both.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(2);
  both.forEach((one) => one.status === 'fulfilled' && one.value());
  (await reserveRoom(owner, 6_000))();
});

test('what does not fit on the disk is refused before it is received, with how much is left', async () => {
  await expect(reserveRoom(owner, 1, 1e16)).rejects.toMatchObject({
    code: 'disk_full',
    status: 507,
    message: expect.stringMatching(/has room for [\d,]+ MB and this needs 10,000,000,000 MB: free some space/),
  });
});

test('an import ends at the quota with its sentence, keeps what it has, and goes on when there is room', async () => {
  const pictures = Object.fromEntries(
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => [`set/train/good/${i}.png`, await makePng(100 + i, 96, 96)] as const),
    ),
  );
  const folder = await layFiles(pictures);
  try {
    const { id: datasetId } = await newDataset(owner, 'quota');
    const directory = join(folder, 'set');
    const job = await newFolderImport(owner, datasetId, { directory, format: 'auto', runner: 'cli' });
    const { _sum } = await database().image.aggregate({ _sum: { bytes: true } });
    process.env.LOOKTWICE_ACCOUNT_QUOTA = megabytes((_sum.bytes ?? 0) + 2_000);
    const { signal } = new AbortController();
    await expect(runImport(job.id, { signal })).rejects.toThrow(/that an account may have/);
    expect(await getImportJob(job.id)).toMatchObject({ state: 'failed', position: 32, added: 32 });
    delete process.env.LOOKTWICE_ACCOUNT_QUOTA;
    await runImport(job.id, { signal });
    expect(await getImportJob(job.id)).toMatchObject({ state: 'done', added: 40 });
  } finally {
    await removeFolder(folder);
  }
});

test('kept pictures stay below their limit, those that were used longest ago go first, and those of images that are gone at once', async () => {
  const rows = await database().image.findMany({ take: 12, orderBy: { createdAt: 'asc' } });
  for (const row of rows) {
    await imageVariant(row, 160);
  }
  const cache = join(data.path(), 'cache', 'pictures');
  const kept = async () => (await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.webp'));
  expect(await kept()).toHaveLength(rows.length);
  const gone = join(cache, 'aa', `${'a'.repeat(64)}-160.webp`);
  await mkdir(join(cache, 'aa'), { recursive: true });
  await writeFile(gone, 'of an image that was deleted');
  expect(await prunePictures()).toBe(1);
  expect(await kept()).toHaveLength(rows.length);

  const [oldest, ...others] = await kept();
  const long = new Date(Date.now() - 10 * 24 * 60 * 60_000);
  for (const name of [oldest, others[0]]) {
    await utimes(join(cache, name ?? ''), long, long);
  }
  // Used again, and thereby no longer the first to go.
  const row = rows.find(({ sha256 }) => oldest?.includes(sha256) === true);
  await imageVariant(row ?? { sha256: '', low: null, high: null }, 160);
  process.env.LOOKTWICE_PICTURE_CACHE = '0.001MB';
  const removed = await prunePictures();
  const left = await kept();
  expect(removed).toBeGreaterThan(0);
  expect(left).not.toContain(others[0]);
  process.env.LOOKTWICE_PICTURE_CACHE = '0MB';
  await prunePictures();
  expect(await kept()).toEqual([]);
  expect((await imageVariant(rows[0] ?? { sha256: '', low: null, high: null }, 160)).bytes.byteLength).toBeGreaterThan(
    0,
  );
});
