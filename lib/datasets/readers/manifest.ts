import { Collector } from './collector';
import { imageOfBroken, readCsv } from './csv';
import { labelOfWord } from './label-words';
import { toNumber } from './numbers';
import { type DatasetTree } from './tree';

/**
 * LookTwice's own layout: `manifest.csv` with the columns image, mask, category, split, type and label, paths below the
 * set's folder. An anomalous row with an empty mask field is unmasked on purpose.
 */
export async function readManifestSet(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  const rows = await readCsv(tree, 'manifest.csv', ['image', 'mask', 'category', 'split', 'type', 'label']);
  for (const row of rows) {
    const where = `manifest.csv, row ${row.line}`;
    if ('broken' in row) {
      collector.report('bad_row', where, `The row cannot be read: ${row.broken}`);
      await collector.doubt(imageOfBroken(row.text) ?? '');
      continue;
    }
    const { image = '', mask = '', category = '', split: named, type = '' } = row.cells;
    const split = named === 'validation' ? 'val' : named;
    const label = toLabel(row.cells['label'] ?? '');
    if (
      image === '' ||
      category === '' ||
      (split !== 'train' && split !== 'test' && split !== 'val') ||
      label === undefined
    ) {
      collector.report('bad_row', where, 'A row needs an image, a category, split train or test and label 0 or 1.');
      await collector.doubt(image, category === '' ? {} : { category });
      continue;
    }
    const masks = mask === '' ? [] : [mask];
    await collector.add({ image, masks, category, split, type, label }, false);
  }
  return collector;
}

/** 0 or 1, also written as 0.0 and 1.0, or the word. */
function toLabel(text: string): 0 | 1 | undefined {
  const number = toNumber(text);
  const word = labelOfWord(text);
  return number === 0 || word === 'normal' ? 0 : number === 1 || word === 'anomalous' ? 1 : undefined;
}
