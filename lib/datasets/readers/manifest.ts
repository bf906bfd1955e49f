import { Collector } from './collector';
import { readCsv } from './csv';
import { type DatasetTree } from './tree';

/**
 * LookTwice's own layout: `manifest.csv` with the columns image, mask, category, split, type and label, paths below the set's
 * folder. An anomalous row with an empty mask field is unmasked on purpose.
 */
export async function readManifestSet(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  const rows = await readCsv(tree, 'manifest.csv', ['image', 'mask', 'category', 'split', 'type', 'label']);
  for (const [index, row] of rows.entries()) {
    const { image = '', mask = '', category = '', split, type = '', label } = row;
    if (
      image === '' ||
      category === '' ||
      (split !== 'train' && split !== 'test') ||
      (label !== '0' && label !== '1')
    ) {
      const where = `manifest.csv, row ${index + 2}`;
      collector.report('bad_row', where, 'A row needs an image, a category, split train or test and label 0 or 1.');
      continue;
    }
    const masks = mask === '' ? [] : [mask];
    await collector.add({ image, masks, category, split, type, label: label === '1' ? 1 : 0 }, false);
  }
  return collector;
}
