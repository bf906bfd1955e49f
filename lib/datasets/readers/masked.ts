import { Collector } from './collector';
import { splitOfWord } from './label-words';
import { type DatasetTree } from './tree';

/** True for a set with a mask that can be no other image's. */
export async function hasMaskedImages(tree: DatasetTree): Promise<boolean> {
  const collector = new Collector(tree);
  const masks = await collector.masks();
  return (await collector.imagesBelow('.')).some((image) => masks.find(image).isSure);
}

/**
 * A set whose masks alone label it: KolektorSDD2 (`train/10000.png`, `train/10000_GT.png`), DAGM, `images/` and
 * `masks/`. Images with a mask are anomalous if it marks something, else normal (`isLabelledByMask`); those without are
 * unlabelled. The split is a folder's name, else test.
 */
export async function readMasked(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  const masks = await collector.masks();
  for (const image of await collector.imagesBelow('.')) {
    if (masks.find(image).isSure) {
      const folders = image.split('/').slice(0, -1);
      const split = folders.map(splitOfWord).find((name) => name !== null) ?? 'test';
      const stated = { image, category: tree.name, split, type: 'anomaly', label: 1 } as const;
      await collector.add({ ...stated, masks: 'find', isLabelledByMask: true }, false);
    }
  }
  return collector;
}
