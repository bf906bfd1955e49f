import { isMaskFolder, labelOfFolders } from '../label-words';
import { isImageName } from '../tree';
import type { AnnotatedCollector } from './collector';
import type { LabelFiles } from './label-files';

const imagesOf = async ({ tree }: LabelFiles): Promise<string[]> =>
  (await tree.walk()).filter((file) => isImageName(file) && !file.split('/').slice(0, -1).some(isMaskFolder));

/** True for a set with any image. */
export async function hasImages(files: LabelFiles): Promise<boolean> {
  return (await imagesOf(files)).length > 0;
}

/** Images without label files, the beginning of an annotation: unlabelled, unless the folder's name says more. */
export async function readImages(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  for (const file of await files.named('.json', '.jsonl', '.ndjson', '.csv', '.tsv', '.xml')) {
    collector.report(
      'unknown_file',
      file,
      'The file is in no format that is known: what it says about the images is not read.',
    );
  }
  for (const image of await imagesOf(files)) {
    const label = labelOfFolders(image);
    if (label !== undefined) {
      collector.state({ image, source: 'folders', label });
    }
  }
}
