import path from 'node:path';
import { Collector } from './collector';
import { imageOfBroken, readCsv } from './csv';
import { type DatasetTree } from './tree';

/** VisA's official one-class split. */
const VISA_SPLIT = 'split_csv/1cls.csv';

/** True for a folder of VisA's objects as downloaded: `<object>/Data/Images/{Normal,Anomaly}`. */
export async function looksLikeVisa(tree: DatasetTree): Promise<boolean> {
  return (await tree.hasFile(VISA_SPLIT)) || (await visaObjects(tree)).length > 0;
}

/**
 * VisA as downloaded: `<object>/Data/Images/{Normal,Anomaly}` and `<object>/Data/Masks/Anomaly`, split by
 * `split_csv/1cls.csv` (columns object, split, label, image, mask). Without that file every image belongs to the test
 * split. Mask values are small class numbers, anything above 0 is anomalous.
 */
export async function readVisa(tree: DatasetTree): Promise<Collector> {
  return (await tree.hasFile(VISA_SPLIT)) ? readSplit(tree) : readObjects(tree);
}

async function readSplit(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  const rows = await readCsv(tree, VISA_SPLIT, ['object', 'split', 'label', 'image', 'mask']);
  for (const row of rows) {
    const where = `${VISA_SPLIT}, row ${row.line}`;
    if ('broken' in row) {
      collector.report('bad_row', where, `The row cannot be read: ${row.broken}`);
      await collector.doubt(imageOfBroken(row.text) ?? '');
      continue;
    }
    const { object = '', split, label, image = '', mask = '' } = row.cells;
    if (object === '' || image === '' || (split !== 'train' && split !== 'test') || !isLabel(label)) {
      const message = 'A row needs an object, an image, split train or test and label normal or anomaly.';
      collector.report('bad_row', where, message);
      await collector.doubt(image, object === '' ? {} : { category: object });
      continue;
    }
    const isNormal = label === 'normal';
    const masks = mask === '' ? [] : [mask];
    const type = isNormal ? 'good' : 'anomaly';
    await collector.add({ image, masks, category: object, split, type, label: isNormal ? 0 : 1 }, true);
  }
  return collector;
}

async function readObjects(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  for (const object of await visaObjects(tree)) {
    for (const [folder, label] of [
      ['Normal', 0],
      ['Anomaly', 1],
    ] as const) {
      const base = path.posix.join(object, 'Data', 'Images', folder);
      for (const image of (await tree.list(base)).images) {
        await collector.add(
          {
            image: path.posix.join(base, image),
            masks: 'find',
            category: object,
            split: 'test',
            type: label === 0 ? 'good' : 'anomaly',
            label,
          },
          true,
        );
      }
    }
  }
  return collector;
}

async function visaObjects(tree: DatasetTree): Promise<string[]> {
  const objects: string[] = [];
  for (const directory of (await tree.list()).directories) {
    if (await tree.hasFolder(path.posix.join(directory, 'Data', 'Images'))) {
      objects.push(directory);
    }
  }
  return objects;
}

function isLabel(label: string | undefined): boolean {
  return label === 'normal' || label === 'anomaly';
}
