import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { newId } from '@/lib/contract';
import { receiveImage } from '@/lib/images/receive-image';
import { database } from '@/lib/database/client';
import { changeImportJob } from '@/lib/database/import-jobs';
import { ensureLocalUser } from '@/lib/database/users';
import { deleteDataset } from '@/lib/datasets/delete-set';
import { KEPT_DAYS, purgeDeletedSets, purgeStagedFiles } from '@/lib/datasets/purge';
import { newDataset } from '@/lib/datasets/sets';
import { newArchiveImport } from '@/lib/datasets/start';
import { blobs } from '@/lib/storage';
import { owner, storeTurn } from '../support/conversations';
import { useDataDirectory } from '../support/data-directory';
import { makePng } from '../support/images';

const data = useDataDirectory();
const DAY = 24 * 60 * 60_000;
const later = () => Date.now() + (KEPT_DAYS + 1) * DAY;

beforeAll(ensureLocalUser);

const upload = async (seed: number) => receiveImage(owner, Readable.from([await makePng(seed, 64, 48)]), `${seed}.png`);

test('a deleted set goes for good after some days, with the images that nothing else uses', async () => {
  const set = await newDataset(owner, 'to be deleted');
  const [own, shown, taught] = [await upload(1), await upload(2), await upload(3)];
  for (const { id: imageId } of [own, shown, taught]) {
    await database().datasetItem.create({ data: { id: newId(), datasetId: set.id, imageId, path: imageId } });
  }
  await storeTurn({ conversationId: newId(), question: 'Same?', answer: [], imageIds: [shown.id] });
  await database().part.create({
    data: {
      id: newId(),
      ownerId: owner.userId,
      name: 'Part',
      samples: { create: { id: newId(), imageId: taught.id, kind: 'golden' } },
    },
  });
  await deleteDataset(owner, set.id, {});
  expect(await purgeDeletedSets()).toBe(0);
  expect(await database().datasetItem.count()).toBe(3);
  expect(await purgeDeletedSets(later())).toBe(1);
  expect([await database().dataset.count(), await database().datasetItem.count()]).toEqual([0, 0]);
  expect(await Promise.all([own, shown, taught].map(({ sha256 }) => blobs().has(sha256)))).toEqual([false, true, true]);
});

test('imports that ended leave no files; those that failed keep them for some days, those that are received at all times', async () => {
  const set = await newDataset(owner, 'imports');
  const make = async (state: 'done' | 'failed' | 'waiting' | 'paused', finishedAt: Date | null) => {
    const source = Readable.from([Buffer.from('archive')]);
    const job = await newArchiveImport(owner, set.id, { source, name: 'a.zip', format: 'auto', runner: 'server' });
    await changeImportJob(job.id, { state, finishedAt });
    return job.id;
  };
  const ended = await make('done', new Date());
  const old = await make('failed', new Date(Date.now() - (KEPT_DAYS + 1) * DAY));
  const kept = [await make('failed', new Date()), await make('waiting', null), await make('paused', null)];
  const imports = join(data.path(), 'imports');
  for (const [name, days] of [
    ['being-received', 0],
    ['left-behind', 5],
  ] as const) {
    await mkdir(join(imports, name), { recursive: true });
    await writeFile(join(imports, name, 'archive.part'), 'half');
    const at = new Date(Date.now() - days * DAY);
    await utimes(join(imports, name), at, at);
  }
  expect(await purgeStagedFiles()).toBe(3);
  expect((await readdir(imports)).sort()).toEqual([...kept, 'being-received'].sort());
  const states = await database().importJob.findMany({
    where: { id: { in: [ended, old] } },
    select: { id: true, state: true },
  });
  expect(new Map(states.map(({ id, state }) => [id, state]))).toEqual(
    new Map([
      [ended, 'done'],
      [old, 'cancelled'],
    ]),
  );
});
