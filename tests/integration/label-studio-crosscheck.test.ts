import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureLocalUser } from '@/lib/database/users';
import { exportFolder } from '@/lib/datasets/export';
import { maskBox } from '@/lib/datasets/annotations/shapes';
import { compressCounts, decodeRle, encodeRle } from '@/lib/segmentation/rle';
import { preparePython, runReference } from '../crosscheck/prepare';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { makePng } from '../support/images';
import { contentsOf, importFolder, sharedSet } from '../support/sets';

type Brush = { label: string; area: number; box: number[] };
type Task = { image: string; brushes: Brush[]; choices: string[]; texts: Record<string, string[]> };
type Box = { image: string; label: string; box: number[] };

useDataDirectory();
let scratch = '';
beforeAll(async () => {
  await ensureLocalUser();
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-label-studio-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const [WIDTH, HEIGHT] = [53, 31];

/** Brushes with holes and at the border, boxes, labels that XML must escape, texts, and a normal image. */
async function madeSet(): Promise<string> {
  const files: Record<string, Uint8Array | string> = {};
  const kinds = ['scratch', 'a "quoted" <dent> & more', 'Riß'];
  const images: object[] = [];
  const annotations: object[] = [];
  for (let i = 0; i < 4; i += 1) {
    const name = `part/${i}.png`;
    files[name] = await makePng(i, WIDTH, HEIGHT);
    const texts = { description: `Line ${i}\nand "another"`, impact: null, suggestion: 'Replace it' };
    const label = i === 3 ? 'normal' : 'anomalous';
    images.push({
      id: i,
      file_name: name,
      looktwice: { label, category: 'part', split: 'test', defectType: i === 3 ? null : 'mixed', ...texts },
    });
    if (i === 3) {
      continue;
    }
    const data = new Uint8Array(WIDTH * HEIGHT).fill(1, WIDTH * i, WIDTH * (i + 4) + 7);
    data[WIDTH * (i + 1) + 20] = 0;
    data[data.length - 1] = 1;
    const { size, counts } = encodeRle({ width: WIDTH, height: HEIGHT, data });
    const [first, second] = [i, (i + 1) % 3];
    annotations.push(
      { id: 2 * i, image_id: i, category_id: first, segmentation: { size, counts: compressCounts(counts) } },
      { id: 2 * i + 1, image_id: i, category_id: second, segmentation: [], bbox: [3 + i, 5, 20, 11.5] },
    );
  }
  files['annotations.json'] = JSON.stringify({
    images,
    annotations,
    categories: kinds.map((name, id) => ({ id, name })),
  });
  return layFiles(files);
}

// Installs Label Studio's converter: the full run only.
const check = process.env.LOOKTWICE_FULL_TESTS === '1' ? test : test.skip;

check(
  "Label Studio's converter finds the regions, areas, boxes, labels and texts of our export",
  async () => {
    const python = await preparePython('label-studio.txt');
    const made = await madeSet();
    for (const [index, set] of [made, sharedSet('lookout_vision')].flatMap((path) => path ?? []).entries()) {
      const { datasetId } = await importFolder(set);
      const folder = join(scratch, String(index));
      await exportFolder(datasetId, { format: 'label-studio', accepted: false, task: 'segment' }, folder);
      const { tasks, boxes } = (await runReference(python, 'label_studio.py', { folder })) as {
        tasks: Task[];
        boxes: Box[];
      };
      const items = await contentsOf(datasetId);
      expect(items.some(({ parts }) => parts.length > 0)).toBe(true);
      const drawn = items.map(({ path, parts, fields, width, height }): Task => ({
        image: path,
        brushes: parts
          .filter(({ shape }) => shape === 'mask')
          .map(({ label, counts = [] }) => {
            const mask = decodeRle({ size: [height, width], counts });
            return { label, area: mask.data.reduce((sum, bit) => sum + bit, 0), box: [...(maskBox(mask) ?? [])] };
          }),
        choices: fields.label === 'unlabelled' ? [] : [fields.label],
        texts: Object.fromEntries(
          (['description', 'impact', 'suggestion'] as const).flatMap((name) =>
            fields[name] === null ? [] : [[name, [fields[name]]]],
          ),
        ),
      }));
      expect(tasks).toEqual(drawn);
      const stated = items.flatMap(({ path, parts }) =>
        parts
          .filter(({ shape }) => shape === 'box')
          .map(({ label, bbox }): Box => ({ image: path, label, box: [...bbox] })),
      );
      expect(
        boxes.map(({ box, ...rest }) => ({ ...rest, box: box.map((side) => Math.round(side * 1e6) / 1e6) })),
      ).toEqual(stated);
    }
    await removeFolder(made);
  },
  1_200_000,
);
