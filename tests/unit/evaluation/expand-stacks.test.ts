import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { expandStacks } from '@/lib/evaluation/expand-stacks';
import { loadImage, loadMask } from '@/lib/evaluation/load-item';
import { layFiles, removeFolder } from '../../support/folder-tree';
import { makeTiff } from '../../support/tiff';

const plane = (value: number, spot = -1) => ({
  width: 20,
  height: 10,
  values: Array.from({ length: 200 }, (_, i) => (i === spot ? 255 : value)),
});
const stack = (...pages: ReturnType<typeof plane>[]) => makeTiff(pages, { bits: 8 });

test('each page of a stack is evaluated, with its own page of the mask', async () => {
  const root = await layFiles({
    'part/test/good/a.tif': stack(plane(10)),
    'part/test/dent/b.tif': stack(plane(20), plane(30), plane(40)),
    'part/test/dent/c.tif': stack(plane(50), plane(60)),
    'part/ground_truth/dent/b_mask.tif': stack(plane(0, 3), plane(0, 25), plane(0, 199)),
    'part/ground_truth/dent/c_mask.tif': stack(plane(0, 3)),
  });
  const pages = await mkdtemp(join(tmpdir(), 'looktwice-pages-'));
  try {
    const { listing, stacks } = await expandStacks(await readDataset(root), pages);
    const found = await Promise.all(
      listing.items.map(async (item) => {
        const { pixels } = await loadImage(item.path);
        const mask = await loadMask(item, 20);
        return [
          item.id,
          item.label,
          pixels[0],
          mask === undefined ? 'no mask' : 'mask' in mask ? 'mask' : mask.problem.code,
        ];
      }),
    );
    expect(stacks).toBe(2);
    expect(found.sort()).toEqual([
      ['part/test/dent/b.page1.tif', 1, 20, 'mask'],
      ['part/test/dent/b.page2.tif', 1, 30, 'mask'],
      ['part/test/dent/b.page3.tif', 1, 40, 'mask'],
      ['part/test/dent/c.page1.tif', 1, 50, 'mask'],
      ['part/test/dent/c.page2.tif', 1, 60, 'no mask'],
      ['part/test/good/a.tif', 0, 10, 'no mask'],
    ]);
    const [source, page] = await Promise.all(
      [join(root, 'part/test/dent/b.tif'), listing.items.find(({ id }) => id.endsWith('b.page1.tif'))?.path ?? ''].map(
        (file) => stat(file),
      ),
    );
    expect(Math.floor((page?.mtimeMs ?? 0) / 1000)).toBe(Math.floor((source?.mtimeMs ?? 1) / 1000));
  } finally {
    await Promise.all([removeFolder(root), rm(pages, { recursive: true })]);
  }
});
