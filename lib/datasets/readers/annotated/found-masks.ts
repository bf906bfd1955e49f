import type { Label } from '../../contract';
import type { MaskIndex } from '../mask-index';
import type { DatasetTree } from '../tree';
import { fileAt } from './gather';

/** What is told of images that their masks label. */
export const byMaskMessage = (count: number): string =>
  `${count} ${count === 1 ? 'image is labelled by its mask' : 'images are labelled by their masks'}: what a mask marks is anomalous, and an empty one says that its image is normal.`;

/** What is known of an image before its masks are looked for. */
export type MaskSearch = { label: Label; isSaid: boolean; isOpen: boolean };
/** The masks of an image as files, and its label as they leave it. */
export type FoundMasks = { label: Label; masks: string[]; byMask?: { isLabelledByMask: true } };

/**
 * The masks that lie in folders of masks under an image's name, with what they make of its label: they decide where
 * nobody said anything (`isOpen`, or normal without `isSaid`), and speak against "normal" where somebody did. Without
 * one the label stays.
 *
 * @param images by their paths, those that label files name, which are no masks though their folder may be called so
 */
export async function foundMasks(
  { tree, masks: index, images }: { tree: DatasetTree; masks: MaskIndex; images: ReadonlyMap<string, unknown> },
  place: string,
  { label, isSaid, isOpen }: MaskSearch,
): Promise<FoundMasks> {
  const { masks: names, isSure } = index.find(place);
  const unnamed = isSure ? names.filter((name) => !images.has(name)) : [];
  const masks = await Promise.all(unnamed.map(async (name) => (await fileAt(tree, name)).file));
  if (masks.length === 0 || (label === 'unlabelled' && !isOpen)) {
    return { label, masks: [] };
  }
  const isKept = label === 'anomalous' || (label === 'normal' && isSaid);
  return isKept ? { label, masks } : { label: 'anomalous', masks, byMask: { isLabelledByMask: true } };
}
