import path from 'node:path';
import type { Shape } from '../../../annotations/shapes';
import { splitOfWord } from '../../label-words';
import type { AnnotatedCollector } from '../collector';
import type { LabelFiles } from '../label-files';
import { mirroredFolders } from '../mirrored';
import { bdd100k, createMl, isat, vott } from './box-formats';
import { datumaro } from './datumaro';
import type { ToolFormat, ToolRecord } from './marks';
import { darwin, huggingFace, labelbox, sageMaker } from './service-formats';
import { supervisely } from './supervisely';

/**
 * A reader of a format that JSON files of one tool have. `isPerImage`: a file that cannot be read is about the image
 * whose name it bears.
 */
const toolReader = (format: ToolFormat, isPerImage = false) => ({
  isPerImage,
  detect: async (files: LabelFiles): Promise<boolean> => {
    for await (const json of files.json()) {
      if ('value' in json && format(json.value, json.file) !== undefined) {
        return true;
      }
    }
    return false;
  },
  read: async (files: LabelFiles, collector: AnnotatedCollector): Promise<void> => {
    for await (const json of files.json()) {
      if ('value' in json) {
        const records = format(json.value, json.file);
        records?.forEach((record, at) => stateRecord(record, json.file, at, collector));
      } else if (isPerImage) {
        const { file, broken } = json;
        collector.report('bad_file', file, broken);
        const folders = placesOf(file);
        collector.state({
          image: path.posix.parse(file).name,
          source: file,
          folders,
          doubts: [`${file} cannot be read`],
        });
      }
    }
  },
});

/** The formats of single tools, by the names that people can state. */
export const TOOL_READERS = {
  supervisely: toolReader(supervisely, true),
  datumaro: toolReader(datumaro),
  createml: toolReader(createMl),
  bdd100k: toolReader(bdd100k),
  isat: toolReader(isat, true),
  vott: toolReader(vott),
  darwin: toolReader(darwin, true),
  sagemaker: toolReader(sageMaker),
  labelbox: toolReader(labelbox),
  huggingface: toolReader(huggingFace),
} as const;

function stateRecord(
  record: ToolRecord | { unreadable: string },
  file: string,
  at: number,
  collector: AnnotatedCollector,
): void {
  if ('unreadable' in record) {
    collector.report('bad_row', `${file}, record ${at}`, `The record is left out: ${record.unreadable}.`);
    collector.lose(`${file}, ${record.unreadable}`);
    return;
  }
  const shapes: Shape[] = [];
  const classes: string[] = [];
  const doubts: string[] = [];
  for (const [number, mark] of (record.marks ?? []).entries()) {
    if ('unreadable' in mark) {
      const message = `Annotation ${number} of ${record.image} cannot be read: ${mark.unreadable}.`;
      collector.report('bad_row', `${file}, record ${at}`, message);
      doubts.push(`${file}, annotation ${number}: ${mark.unreadable}`);
    } else if ('className' in mark) {
      classes.push(mark.className);
    } else {
      shapes.push(mark);
    }
  }
  const words = [record.split ?? '', ...file.split(/[/.]/).reverse()];
  collector.state({
    image: record.image,
    source: file,
    folders: placesOf(file),
    size: record.size,
    split: words.map(splitOfWord).find((split) => split !== null) ?? null,
    shapes,
    classes,
    doubts,
    isLookedAt: record.marks !== undefined && doubts.length === 0,
  });
}

/**
 * Where tools keep images: beside the file, in `images`, in the folder of the file's own subset, or in a mirrored
 * folder.
 */
function placesOf(file: string): string[] {
  const folder = path.posix.dirname(file);
  const subset = path.posix.parse(file).name;
  const parent = path.posix.dirname(folder);
  const inner = ['.', 'images', subset, `images/${subset}`];
  const around = [folder, parent].flatMap((base) => inner.map((name) => path.posix.join(base, name)));
  return [...new Set([...around, ...mirroredFolders(file), ...inner])];
}
