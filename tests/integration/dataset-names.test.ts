import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { ensureLocalUser } from '@/lib/database/users';
import { runImport } from '@/lib/datasets/import/run-import';
import type { ExportFormat } from '@/lib/datasets/contract';
import { exportFile, exportFolder } from '@/lib/datasets/export';
import { newDataset } from '@/lib/datasets/sets';
import { newArchiveImport } from '@/lib/datasets/start';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { nastyPaths } from '../support/nasty-names';
import { contentsOf, importFolder, owner } from '../support/sets';

/**
 * Whatever the images are called, a set comes back as it was: every image under its own name with its own label, mask
 * and content.
 */
useDataDirectory();
let scratch = '';
beforeAll(async () => {
  await ensureLocalUser();
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-names-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

let serial = 0;
const fresh = (ending = '') => join(scratch, `${(serial += 1)}${ending}`);
const [WIDTH, HEIGHT] = [24, 16];

/** A picture that no other has, so that a mix-up shows. */
function picture(index: number): Promise<Buffer> {
  const background = { r: index % 256, g: Math.floor(index / 256), b: 90 };
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A set as COCO says it: every second image has a box of its own size, the others are normal. */
async function setOf(paths: readonly string[]): Promise<string> {
  const files: Record<string, Uint8Array | string> = {};
  for (const [index, path] of paths.entries()) {
    files[path] = await picture(index);
  }
  const annotated = paths.flatMap((_, index) => (index % 2 === 0 ? [index] : []));
  files['annotations.json'] = JSON.stringify({
    images: paths.map((file_name, id) => ({ id, file_name, width: WIDTH, height: HEIGHT })),
    annotations: annotated.map((index) => ({
      id: index,
      image_id: index,
      category_id: 1,
      bbox: [1, 2, 3 + (index % 9), 4],
    })),
    categories: [{ id: 1, name: 'dent' }],
  });
  return layFiles(files);
}

/** What has to come back: path, content, label and the box around all that is marked. */
async function summary(datasetId: string): Promise<string[]> {
  const items = await contentsOf(datasetId);
  return items.map(({ path, sha256, fields, parts }) =>
    [path, sha256.slice(0, 12), fields.label, ...parts.map(({ label, bbox }) => `${label} ${bbox.join(' ')}`)].join(
      ' | ',
    ),
  );
}

async function importZip(file: string): Promise<string> {
  const { id: datasetId } = await newDataset(owner, 'zip');
  const source = createReadStream(file);
  const job = await newArchiveImport(owner, datasetId, { source, name: 'set.zip', format: 'auto', runner: 'cli' });
  await runImport(job.id, { signal: new AbortController().signal });
  return datasetId;
}

const FORMATS: readonly ExportFormat[] = ['coco', 'yolo', 'label-studio', 'mvtec', 'llava'];

/** Always the same names: `tests/unit/datasets/export/names.test.ts` tries new ones every time, without a database. */
const PATHS = fc.sample(nastyPaths(12), { numRuns: 3, seed: 4 }).flat();

test('a set with nasty names comes back from every format, as a folder and as an archive', async () => {
  const paths = [...new Set(PATHS)];
  const folder = await setOf(paths);
  const { datasetId } = await importFolder(folder, 'coco');
  await removeFolder(folder);
  const before = await summary(datasetId);
  expect(before).toHaveLength(paths.length);
  for (const format of FORMATS) {
    const options = { format, accepted: false, task: 'segment' } as const;
    const [out, archive] = [fresh(), fresh('.zip')];
    await exportFolder(datasetId, options, out);
    expect([format, await summary((await importFolder(out)).datasetId)]).toEqual([format, before]);
    await exportFile(datasetId, options, archive);
    expect([format, await summary(await importZip(archive))]).toEqual([format, before]);
  }
}, 120_000);
