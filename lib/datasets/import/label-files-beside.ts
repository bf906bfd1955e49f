import path from 'node:path';
import { AnnotatedCollector } from '../readers/annotated/collector';
import { LabelFiles } from '../readers/annotated/label-files';
import { readTables, tablesOf } from '../readers/annotated/table';
import type { NameIndex } from '../readers/name-index';
import type { DatasetTree } from '../readers/tree';
import { type Naming, namingsOf } from './namings';
import type { ImportItem, ImportProblem } from './types';

/** Problems of a table that are worth to be known where folders label the set. */
const TOLD = new Set(['bad_row', 'bad_file', 'unknown_choice']);

/**
 * Compares a set that its folders label with the label files that lie in it, whatever their format: an image that its folder calls normal and that a file marks, names a defect of or, where it cannot
 * be read, only names, is unlabelled. Every such file is told.
 *
 * @returns all items, and the problems to be added
 */
export async function compareLabelFiles(
  tree: DatasetTree,
  items: readonly ImportItem[],
): Promise<{ items: ImportItem[]; problems: ImportProblem[] }> {
  const files = new LabelFiles(tree);
  const normal = new Set(items.flatMap(({ path: place, label }) => (label === 'normal' ? [place] : [])));
  const problems: ImportProblem[] = [];
  const against = new Map<string, string>();
  const unknown = new Map<string, number>();
  await compareTables(files, normal, { against, problems });
  const index = await tree.imageIndex();
  for await (const json of files.json()) {
    const { file } = json;
    const isBroken = 'broken' in json;
    const text = isBroken ? await files.text(file) : undefined;
    const namings = isBroken
      ? namedIn(text !== undefined && 'text' in text ? text.text : '')
      : namingsOf(json.value, file);
    const placed = namings.flatMap((naming) => placesOf(index, file, naming).map((place) => ({ place, ...naming })));
    if (isBroken) {
      problems.push({ code: 'bad_file', place: file, message: json.broken });
    } else if (placed.length > 0) {
      // Files that are each about one image are told together.
      const place = placed.every(({ isOfFile }) => isOfFile === true) ? path.posix.dirname(file) : file;
      unknown.set(place, (unknown.get(place) ?? 0) + 1);
    }
    const numbers = new Set(placed.flatMap(({ place, number }) => (normal.has(place) ? (number ?? []) : [])));
    for (const { place, isAgainst, number } of placed) {
      if (numbers.size > 1 && number !== undefined && normal.has(place)) {
        // One of the two must mean anomalous, and nobody can tell which.
        against.set(place, `${file} calls some images of such folders 0 and others 1`);
      }
      if (isAgainst && normal.has(place)) {
        against.set(place, isBroken ? `${file}, which cannot be read, names it` : `${file} says otherwise`);
      }
    }
  }
  for (const [place, count] of unknown) {
    const what = count === 1 ? 'a JSON file here is' : `${count} JSON files here are`;
    const message = `Folders label this set, and ${what} in no format that is known: only what speaks against the folders is looked at.`;
    problems.push({ code: 'unknown_file', place, message });
  }
  for (const [place, reason] of against) {
    const message = `Its folder says normal, but ${reason}: the image is unlabelled.`;
    problems.push({ code: 'contradiction', place, message });
  }
  return {
    items: items.map((item) => (against.has(item.path) ? { ...item, label: 'unlabelled' as const } : item)),
    problems,
  };
}

type Result = { against: Map<string, string>; problems: ImportProblem[] };

async function compareTables(files: LabelFiles, normal: ReadonlySet<string>, { against, problems }: Result) {
  const tables = await tablesOf(files);
  if (tables.length === 0) {
    return;
  }
  const collector = new AnnotatedCollector(files.tree);
  await readTables(files, collector);
  await collector.join();
  const names = tables.map(({ file }) => file).slice(0, 3);
  for (const [place, { label }] of collector.items) {
    if (label === 'anomalous' && normal.has(place)) {
      against.set(place, `${names.join(', ')} ${names.length === 1 ? 'says' : 'say'} otherwise`);
    }
  }
  problems.push(...collector.problems.filter(({ code }) => TOLD.has(code)));
}

/** The images that a file names which is cut off or damaged: what it says about each is lost. */
function namedIn(text: string): Naming[] {
  const names = text.matchAll(/"((?:[^"\\]|\\.){1,500}\.[a-z]{3,4})"/gi);
  return [...new Set([...names].map(([, name = '']) => name))].map((image) => ({ image, isAgainst: true }));
}

/** The images that a name may mean, seen from its label file; of several alike all. */
function placesOf(index: NameIndex, file: string, { image, isOfFile }: Naming): string[] {
  const folder = path.posix.dirname(file);
  const beside = ['.', '../img', '../images', '..'].map((step) => path.posix.join(folder, step));
  const inside = [...beside, '.', 'images'].filter((place) => !place.startsWith('..'));
  const match =
    isOfFile === true
      ? (index.findWhole(image, inside) ?? index.findStem(image, inside))
      : (index.findWhole(image, inside) ?? index.findEnd(image));
  return match === undefined ? [] : 'path' in match ? [match.path] : [...match.among];
}
