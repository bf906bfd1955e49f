import type { Label } from '../../contract';
import type { ImportItem } from '../../import/types';
import { isMaskFolder, labelOfFolders } from '../label-words';
import type { MaskIndex } from '../mask-index';
import { tellNotLabelled } from '../not-labelled';
import { type DatasetTree, isImageName } from '../tree';
import type { FoundMasks, MaskSearch } from './found-masks';
import { fileAt } from './gather';

type Found = {
  tree: DatasetTree;
  masks: MaskIndex;
  report: (code: string, place: string, message: string) => void;
  findMasks: (place: string, search: MaskSearch) => Promise<FoundMasks>;
  /** Why an annotation that cannot be read may be about any of these images. */
  doubt: string | undefined;
};

/**
 * Adds the images that no record names to `items`, at the end: unlabelled, unless their folder says more. Masks and the
 * drawings of tools are left out, and told.
 * @param items those that label files name, by their path
 */
export async function addOtherImages(
  items: Map<string, ImportItem>,
  { tree, masks, report, findMasks, doubt }: Found,
): Promise<void> {
  const used = new Set([...items.values()].flatMap((item) => item.masks));
  const others = (await tree.walk()).filter((file) => isImageName(file) && !items.has(file));
  const left = new Map<string, number>();
  const added: string[] = [];
  const named = new Map<string, number>();
  for (const place of others) {
    const folders = place.split('/').slice(0, -1);
    const folder = folders.join('/') || '.';
    const { file } = await fileAt(tree, place);
    if (used.has(file)) {
      continue;
    }
    if (folders.some(isMaskFolder) || masks.has(place)) {
      left.set(folder, (left.get(folder) ?? 0) + 1);
      continue;
    }
    let label: Label | undefined = labelOfFolders(place);
    if (label === 'normal' && doubt !== undefined) {
      // The annotation that cannot be read may be this image's.
      label = 'unlabelled';
      const message = `Its folder says normal, but an annotation that cannot be read may be about it: ${doubt}. The image is unlabelled.`;
      report('unlabelled', place, message);
    } else if (label !== undefined) {
      named.set(folder, (named.get(folder) ?? 0) + 1);
    }
    const isSaid = label !== undefined;
    const isOpen = !isSaid && doubt === undefined;
    const found = await findMasks(place, { label: label ?? 'unlabelled', isSaid, isOpen });
    found.masks.forEach((mask) => used.add(mask));
    const isNotLabelled = !isSaid && found.label === 'unlabelled';
    if (isNotLabelled) {
      added.push(place);
    }
    const empty = { split: null, category: null, defectType: null, size: null, shapes: [] };
    const said = { label: found.label, masks: found.masks, ...found.byMask, ...(isNotLabelled && { isNotLabelled }) };
    items.set(place, { ...empty, ...said, path: place, file, text: {}, exchanges: [] });
  }
  for (const [folder, count] of left) {
    const what = `${count} ${count === 1 ? 'picture' : 'pictures'} that no label file names, in a folder of masks or drawings`;
    report('unused_picture', folder, `${what}: left out.`);
  }
  tellNotLabelled(added).forEach(({ place, message }) => report('not_labelled', place, message));
  for (const [folder, count] of named) {
    const message = `${count} ${count === 1 ? 'image' : 'images'} that no label file names: labelled by the name of the folder.`;
    report('by_folder', folder, message);
  }
}
