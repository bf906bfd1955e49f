import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import sharp from 'sharp';
import { chooseWindow } from '@/lib/images/image-values';
import { registerPart } from '@/lib/cli/commands/part';
import { withPartReferences } from '@/lib/cli/part-references';
import { database } from '@/lib/database/client';
import { LOCAL_USER_ID } from '@/lib/database/users';
import type { DatasetListing } from '@/lib/datasets/readers/types';
import { Engine, getEngine } from '@/lib/engine/worker/client';
import { useDataDirectory } from '../support/data-directory';
import { makeFlange } from '../support/flange';

jest.setTimeout(600_000);
useDataDirectory();
const folder = mkdtempSync(join(tmpdir(), 'looktwice-part-'));
afterAll(async () => {
  await getEngine().close();
  rmSync(folder, { recursive: true });
});
afterEach(() => jest.restoreAllMocks());

/** What `looktwice part` prints. */
async function part(...words: string[]): Promise<string> {
  let printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const program = new Command().exitOverride();
  registerPart(program);
  await program.parseAsync(['part', ...words], { from: 'user' });
  return printed;
}

const owner = { userId: LOCAL_USER_ID };
const windows = async () =>
  (await database().image.findMany({ orderBy: { name: 'asc' } })).map(({ low, high }) => [low, high]);

test('loads the model once to add samples', async () => {
  const engines = new Set<Engine>();
  const load = Reflect.get(Engine.prototype, 'load');
  jest.spyOn(Engine.prototype, 'load').mockImplementation(function (this: Engine) {
    engines.add(this);
    return load.call(this);
  });
  const files = [1, 2].map((seed) => join(folder, `good-${seed}.png`));
  writeFileSync(files[0] ?? '', await makeFlange(1));
  writeFileSync(files[1] ?? '', await makeFlange(2));
  expect(JSON.parse(await part('add', 'Flange', ...files, '--json'))).toMatchObject({ golden: 2, bank: 'ready' });
  expect(engines.size).toBe(1);
});

test('takes the values of deep images along in a folder, and to comparisons with a part', async () => {
  const deep = join(folder, 'deep.png');
  const values = Uint16Array.from({ length: 64 * 64 }, (_, index) => 9000 + 3 * index);
  await sharp(values, { raw: { width: 64, height: 64, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toFile(deep);
  await part('add', 'Deep', deep);
  const { id } = await database().image.findFirstOrThrow({ where: { name: 'deep.png' } });
  await chooseWindow(owner, id, { low: 9500, high: 15_000 });
  const out = join(folder, 'exported');
  await part('export', 'Deep', '--out', out);
  expect(JSON.parse(readFileSync(join(out, 'part.json'), 'utf8'))).toMatchObject({
    samples: [{ window: { low: 9500, high: 15_000 } }],
  });

  const listing = { items: [{ category: 'deep', split: 'test', label: 1 }] } as unknown as DatasetListing;
  const { listing: taught } = await withPartReferences(listing, 'Deep');
  expect(taught.items.at(-1)).toMatchObject({ split: 'train', window: { low: 9500, high: 15_000 } });

  // Somewhere else, where the image is not known yet.
  await database().partSample.deleteMany();
  await database().image.deleteMany({ where: { id } });
  await part('import', out, '--name', 'Again');
  expect(await windows()).toContainEqual([9500, 15_000]);
});

test('leaves values alone that somebody chose', async () => {
  const image = await database().image.findFirstOrThrow({ where: { low: 9500 } });
  await chooseWindow(owner, image.id, { low: 9100, high: 12_000 });
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  await part('import', join(folder, 'exported'), '--name', 'Third');
  expect(told.mock.calls.flat().join('')).toContain('is there already with other values, which stay.');
  expect(await windows()).toContainEqual([9100, 12_000]);
});
