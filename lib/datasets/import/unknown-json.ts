import path from 'node:path';
import { AnnotatedCollector } from '../readers/annotated/collector';
import { type LabelFiles, toList, toRecord } from '../readers/annotated/label-files';
import { namingsOf } from './namings';

/** Programs and data sets keep these beside label files; they say nothing of single images. */
const SETTINGS = /^(package(-lock)?|tsconfig|config|settings|dataset_info|meta|state|transforms\w*)\.json$/i;
/** Records that are looked at to tell what a file holds. */
const PROBED = 50;

/**
 * Tells of the JSON files that no reader took though they name images of the set, or hold records as annotations are.
 * An image that a label file leaves normal and such a file speaks against is doubted; what a model detected (records
 * with a score) is no annotation and speaks against nothing.
 *
 * @param taken the files that readers took, or told of
 * @returns the collector of the doubts, joined; undefined where there is none
 */
export async function unknownJson(
  files: LabelFiles,
  taken: ReadonlySet<string>,
  report: AnnotatedCollector['report'],
): Promise<AnnotatedCollector | undefined> {
  const index = await files.tree.imageIndex();
  const doubts = new AnnotatedCollector(files.tree);
  let count = 0;
  for await (const json of files.json()) {
    const { file } = json;
    if ('broken' in json || taken.has(file) || SETTINGS.test(path.posix.basename(file))) {
      continue;
    }
    const isDetected = hasRecord(json.value, (record) => 'score' in record || 'confidence' in record);
    const named = namingsOf(json.value, file).flatMap(({ image, isAgainst, isOfFile }) => {
      const match = isOfFile === true ? index.findStem(image) : (index.findWhole(image) ?? index.findEnd(image));
      return match !== undefined && 'path' in match ? [{ place: match.path, isAgainst }] : [];
    });
    if (isDetected && (named.length > 0 || hasRecord(json.value, isAnnotation))) {
      report(
        'unknown_file',
        file,
        'The file holds what a model detected, with scores, which is no annotation: left out.',
      );
    } else if (named.length > 0 || hasRecord(json.value, isAnnotation)) {
      const message = 'The file is in no format that is known: only what speaks against a normal image is looked at.';
      report('unknown_file', file, message);
      for (const { place } of named.filter(({ isAgainst }) => isAgainst)) {
        doubts.state({ image: place, source: file, doubts: [`${file} says otherwise`] });
        count += 1;
      }
    }
  }
  if (count === 0) {
    return undefined;
  }
  await doubts.join();
  return doubts;
}

const isAnnotation = (record: Readonly<Record<string, unknown>>): boolean =>
  ['image_id', 'bbox', 'segmentation', 'polygon'].filter((key) => key in record).length > 1;

function hasRecord(value: unknown, fits: (record: Readonly<Record<string, unknown>>) => boolean): boolean {
  const lists = [value, ...Object.values(toRecord(value) ?? {})].flatMap((each) => {
    const list = Array.isArray(each) ? toList(each) : undefined;
    return list === undefined ? [] : [list.slice(0, PROBED)];
  });
  return lists.flat().some((entry) => {
    const record = toRecord(entry);
    return record !== undefined && fits(record);
  });
}
