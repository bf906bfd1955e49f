import { foreignFile } from '../../endings';
import { isMaskFolder, labelOfFolders, splitOfWord } from '../label-words';
import { MaskIndex } from '../mask-index';
import { isImageName } from '../tree';
import type { AnnotatedCollector } from './collector';
import { byMaskMessage } from './found-masks';
import type { LabelFiles } from './label-files';
import { textsBeside } from './texts-beside';

const imagesOf = async ({ tree }: LabelFiles): Promise<string[]> =>
  (await tree.walk()).filter((file) => isImageName(file) && !file.split('/').slice(0, -1).some(isMaskFolder));

/** True for a set with any image. */
export async function hasImages(files: LabelFiles): Promise<boolean> {
  return (await imagesOf(files)).length > 0;
}

/**
 * Images without label files, the beginning of an annotation: unlabelled, unless the folder's name says more, or there
 * is a mask: then what it marks is anomalous, and one that marks nothing says that the image is normal.
 */
export async function readImages(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  const tables = (await files.named('.csv', '.tsv')).filter((file) => foreignFile(file) === undefined);
  for (const file of [...(await files.jsonNames()), ...tables]) {
    collector.report(
      'unknown_file',
      file,
      'The file is in no format that is known: what it says about the images is not read.',
    );
  }
  const { against, problems } = await textsBeside(files);
  problems.forEach(({ code, place, message }) => collector.report(code, place, message));
  const index = await MaskIndex.of(files.tree, true);
  const images = (await imagesOf(files)).filter((image) => !index.has(image));
  const matches = images.map((image) => ({ image, ...index.find(image) }));
  const users = new Map<string, number>();
  matches.forEach(({ masks }) => masks.forEach((mask) => users.set(mask, (users.get(mask) ?? 0) + 1)));
  let masked = 0;
  for (const { image, masks, isSure } of matches) {
    const label = labelOfFolders(image);
    const own = isSure ? masks : masks.filter((mask) => users.get(mask) === 1);
    const split =
      image
        .split('/')
        .map(splitOfWord)
        .find((name) => name !== null) ?? null;
    if (own.length > 0) {
      const isLabelledByMask = label === undefined;
      masked += isLabelledByMask ? 1 : 0;
      collector.state({ image, source: 'masks', split, masks: own, label: label ?? 'anomalous', isLabelledByMask });
    } else if (label !== undefined) {
      const reason = label === 'normal' ? against.get(image) : undefined;
      const said = reason === undefined ? { label } : { doubts: [reason] };
      collector.state({ image, source: 'folders', split, ...said });
    }
  }
  if (masked > 0) {
    collector.report('by_mask', 'the set', byMaskMessage(masked));
  }
}
