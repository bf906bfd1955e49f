import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { ensureLocalUser } from '@/lib/database/users';
import { exportFolder } from '@/lib/datasets/export';
import { preparePython, runReference } from '../crosscheck/prepare';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { makePng } from '../support/images';
import { importFolder, sharedSet } from '../support/sets';

type Row = { stated: number; decoded: number; shape: number[]; size: number[] };

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

useDataDirectory();
let scratch = '';
beforeAll(async () => {
  await ensureLocalUser();
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-coco-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Masks with holes, single pixels, the image's borders, and a YOLO box. */
async function madeSet(): Promise<string> {
  const files: Record<string, Uint8Array | string> = {};
  for (let i = 0; i < 4; i += 1) {
    const data = Buffer.alloc(40 * 30);
    data.fill(255, 0, 40 * (3 + i));
    data[41] = 0;
    data[40 * 30 - 1] = 255;
    files[`part/test/dent/${i}.png`] = await makePng(i, 40, 30);
    files[`part/ground_truth/dent/${i}_mask.png`] = await sharp(data, { raw: { width: 40, height: 30, channels: 1 } })
      .png()
      .toBuffer();
  }
  files['part/train/good/9.png'] = await makePng(9, 40, 30);
  return layFiles(files);
}

const check = hasPython() ? test : test.skip;

check(
  'pycocotools reads our COCO and finds the areas that we state (skipped without python3)',
  async () => {
    const python = await preparePython();
    const made = await madeSet();
    const sets = [made, sharedSet('lookout_vision')].flatMap((set) => set ?? []);
    for (const [index, set] of sets.entries()) {
      const { datasetId } = await importFolder(set);
      const out = join(scratch, String(index));
      let areas = 0;
      await exportFolder(datasetId, { format: 'coco', accepted: false, task: 'segment' }, out);
      // A set of one split has one file, a set of several one for each.
      for (const name of await readdir(join(out, 'annotations'))) {
        const file = join(out, 'annotations', name);
        const rows = (await runReference(python, 'coco_areas.py', { file })) as Row[];
        areas += rows.length;
        expect(rows.map(({ decoded, shape }) => [decoded, shape])).toEqual(
          rows.map(({ stated, size }) => [stated, size]),
        );
      }
      expect(areas).toBeGreaterThan(3);
    }
    await removeFolder(made);
  },
  600_000,
);
