import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getImportJob } from '@/lib/database/import-jobs';
import { ensureLocalUser } from '@/lib/database/users';
import { ChildReader, DEFAULT_LIMITS, type ReaderLimits } from '@/lib/datasets/import/reader/child-reader';
import { runImport } from '@/lib/datasets/import/run-import';
import { newDataset } from '@/lib/datasets/sets';
import { newFolderImport } from '@/lib/datasets/start';
import { projectRoot } from '@/lib/common/paths';
import { owner } from '../support/conversations';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { makePng } from '../support/images';
import { contentsOf } from '../support/sets';

useDataDirectory();
jest.setTimeout(180_000);

let scratch = '';
const folders: string[] = [];

beforeAll(async () => {
  await ensureLocalUser();
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-reader-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await Promise.all(folders.map(removeFolder));
});

const MARK = 'trips the reader';

/**
 * The real reader's process, with something that happens in it as soon as it comes to a file with the mark; `times`:
 * how often, over all processes.
 */
async function trippedReader(action: string, times: number): Promise<string> {
  const real = pathToFileURL(join(projectRoot(), 'dist', 'set-reader.mjs')).href;
  const counter = join(scratch, `count-${Math.random()}`);
  await writeFile(counter, '');
  const script = `import { appendFileSync, readFileSync } from 'node:fs';
const send = process.send.bind(process);
process.send = (message, ...rest) => {
  const sent = send(message, ...rest);
  if (message.kind === 'at' && message.file.includes('bad') && readFileSync(${JSON.stringify(counter)}, 'utf8').length < ${times}) {
    appendFileSync(${JSON.stringify(counter)}, 'x');
    ${action}
  }
  return sent;
};
await import(${JSON.stringify(real)});`;
  const file = join(scratch, `reader-${Math.random()}.mjs`);
  await writeFile(file, script);
  return file;
}

const HANG = 'for (;;) {}';
const CRASH = "process.kill(process.pid, 'SIGSEGV'); for (;;) {}";
// As V8 ends a process whose heap is full; its words on stderr would end Jest's own worker as well.
const BLOAT = "process.kill(process.pid, 'SIGABRT'); for (;;) {}";

/** YOLO: an image per label file; one has a name that the reader trips over. */
async function makeSet(): Promise<string> {
  const files: Record<string, Uint8Array | string> = {};
  for (let i = 0; i < 3; i += 1) {
    files[`images/${i}.png`] = await makePng(i, 64, 48);
    files[`labels/${i}.txt`] = '0 0.5 0.5 0.2 0.2\n';
  }
  files['images/bad.png'] = await makePng(9, 64, 48);
  files['labels/bad.txt'] = `0 0.5 0.5 0.2 0.2 ${MARK}\n`;
  const folder = await layFiles(files);
  folders.push(folder);
  return folder;
}

async function importWith(file: string | undefined, limits: Partial<ReaderLimits> = {}) {
  const dataset = await newDataset(owner, `set ${Math.random()}`);
  const directory = await makeSet();
  const job = await newFolderImport(owner, dataset.id, { directory, format: 'auto', runner: 'server' });
  const openReader = () => new ChildReader({ ...DEFAULT_LIMITS, ...limits }, file);
  const failure = await runImport(job.id, { signal: new AbortController().signal, openReader }).then(
    () => null,
    (error: Error) => error.message,
  );
  return { failure, row: await getImportJob(job.id), items: await contentsOf(dataset.id) };
}

test('a set is read in a process of its own', async () => {
  const { failure, row, items } = await importWith(undefined);
  expect([failure, row?.state, items.length]).toEqual([null, 'done', 4]);
});

test.each([
  ['holds the reader up', HANG, { stallMs: 3_000 }, 'takes too long to be read'],
  ['crashes it', CRASH, {}, 'stops the reader'],
  ['fills its memory', BLOAT, {}, 'needs too much memory to be read'],
])('a set that %s twice ends as failed, with the name of the file', async (_what, action, limits, reason) => {
  const { failure, row } = await importWith(await trippedReader(action, 100), limits);
  expect([row?.state, row?.attempts]).toEqual(['failed', 2]);
  expect(row?.error).toBe(failure);
  expect(failure).toContain('bad');
  expect(failure).toContain(reason);
});

test('a reader that is ended once by something else is started again, and the set is imported', async () => {
  const { failure, row, items } = await importWith(await trippedReader(CRASH, 1));
  expect([failure, row?.state, row?.attempts, items.length]).toEqual([null, 'done', 0, 4]);
});

test('stopping a job ends its reader at once, and the job can go on', async () => {
  const dataset = await newDataset(owner, 'stopped');
  const directory = await makeSet();
  const job = await newFolderImport(owner, dataset.id, { directory, format: 'auto', runner: 'server' });
  const file = await trippedReader(HANG, 1);
  const stop = new AbortController();
  const openReader = () => new ChildReader(DEFAULT_LIMITS, file);
  const running = runImport(job.id, { signal: stop.signal, openReader });
  setTimeout(() => stop.abort(new Error('stopped')), 2_000);
  await expect(running).rejects.toThrow('stopped');
  expect(await getImportJob(job.id)).toMatchObject({ state: 'running', attempts: 0 });
  await runImport(job.id, { signal: new AbortController().signal, openReader });
  expect((await getImportJob(job.id))?.state).toBe('done');
});
