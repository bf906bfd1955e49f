import path from 'node:path';
import { AnnotatedCollector } from '../readers/annotated/collector';
import { LabelFiles, LineError } from '../readers/annotated/label-files';
import { readTables, tablesOf } from '../readers/annotated/table';
import { textsBeside } from '../readers/annotated/texts-beside';
import { toNumber } from '../readers/numbers';
import type { NameIndex } from '../readers/name-index';
import type { DatasetTree } from '../readers/tree';
import { losesNames } from './cut-json';
import { type Naming, namingsOf } from './namings';
import type { ImportItem, ImportProblem } from './types';

/** Problems of a table that are worth to be known where folders label the set. */
const TOLD = new Set(['bad_row', 'bad_file', 'unknown_choice']);

/**
 * Compares a set that its folders label with the label files that lie in it, whatever their format: an image that its
 * folder calls normal and that a file marks, names a defect of or, where it cannot be read, only names, is unlabelled.
 * Every such file is reported.
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
  const open = new Set(items.flatMap(({ path: place, isNotLabelled }) => (isNotLabelled === true ? place : [])));
  const taken = await compareTables(files, { normal, open }, { against, problems });
  const index = await tree.imageIndex();
  const losses = new Map<string, Losses>();
  for await (const json of files.json()) {
    const { file } = json;
    const isBroken = 'broken' in json;
    const read = isBroken ? await files.text(file) : undefined;
    const text = read !== undefined && 'text' in read ? read.text : '';
    const namings = isBroken ? [...namedIn(text), ownName(file)] : namingsOf(json.value, file);
    const placed = namings.flatMap((naming) => placesOf(index, file, naming).map((place) => ({ place, ...naming })));
    const lost = isBroken ? (losesNames(text) ? 'is cut off' : undefined) : lostLines(json.value);
    if (isBroken) {
      problems.push({ code: 'bad_file', place: file, message: json.broken });
    } else if (placed.length > 0) {
      // Files that are each about one image are reported together.
      const place = placed.every(({ isOfFile }) => isOfFile === true) ? path.posix.dirname(file) : file;
      unknown.set(place, (unknown.get(place) ?? 0) + 1);
    }
    const named = placed.filter(({ isOfFile }) => isOfFile !== true);
    if (lost !== undefined && named.length > 0) {
      // What names images of this set is no file about something else: the folder labels an image for want of what is
      // lost, which was to say it. A file that names none says nothing of the set, and changes nothing of what the
      // folders say.
      noteLoss(losses, file, { lost, named: new Set(named.map(({ place }) => place)) });
      problems.push(...(isBroken ? [] : [{ code: 'bad_row', place: file, message: `The file ${lost}.` }]));
    }
    const numbers = new Set(placed.flatMap(({ place, number }) => (normal.has(place) ? (number ?? []) : [])));
    for (const { place, isAgainst, number, isOfFile } of placed) {
      if (numbers.size > 1 && number !== undefined && normal.has(place)) {
        // One of the two must mean anomalous, and nobody can tell which.
        against.set(place, `${file} calls some images of such folders 0 and others 1`);
      }
      if (isAgainst && normal.has(place)) {
        against.set(place, isBroken ? brokenReason(file, isOfFile) : `${file} says otherwise`);
      }
    }
  }
  const texts = await textsBeside(files);
  problems.push(...texts.problems);
  texts.against.forEach((reason, place) => normal.has(place) && against.set(place, reason));
  const doubted = new Map([...lostPlaces(losses, normal), ...against]);
  for (const [place, count] of unknown) {
    const what = count === 1 ? 'a JSON file here is' : `${count} JSON files here are`;
    const message = `Folders label this set, and ${what} in no format that is known: only what speaks against the folders is looked at.`;
    problems.push({ code: 'unknown_file', place, message });
  }
  for (const [place, reason] of doubted) {
    const message = `Its folder says normal, but ${reason}: the image is unlabelled.`;
    problems.push({ code: 'contradiction', place, message });
  }
  return {
    items: items.map((item) => {
      return taken.get(item.path) ?? (doubted.has(item.path) ? { ...item, label: 'unlabelled' as const } : item);
    }),
    problems,
  };
}

type Result = { against: Map<string, string>; problems: ImportProblem[] };

/** @returns what the tables say of images, for those that no folder labels */
async function compareTables(
  files: LabelFiles,
  { normal, open }: Record<'normal' | 'open', ReadonlySet<string>>,
  { against, problems }: Result,
): Promise<ReadonlyMap<string, ImportItem>> {
  const tables = await tablesOf(files);
  if (tables.length === 0) {
    return new Map();
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
  for (const [place, reason] of await numbersThatPart(files, tables, normal)) {
    against.set(place, reason);
  }
  problems.push(...collector.problems.filter(({ code }) => TOLD.has(code)));
  const taken = [...collector.items].filter(([place, { label }]) => label !== 'unlabelled' && open.has(place));
  if (taken.length > 0) {
    const count = `${taken.length} ${taken.length === 1 ? 'image is' : 'images are'}`;
    problems.push({ code: 'other_format', place: names.join(', '), message: `${count} labelled by this table alone.` });
  }
  return new Map(taken);
}

type Table = Awaited<ReturnType<typeof tablesOf>>[number];

/**
 * The images of normal folders that a table calls 0 and 1 under a heading that does not say what they mean: one of the
 * two must mean anomalous, and nobody can tell which.
 */
async function numbersThatPart(
  files: LabelFiles,
  tables: readonly Table[],
  normal: ReadonlySet<string>,
): Promise<[place: string, reason: string][]> {
  const index = await files.tree.imageIndex();
  return tables.flatMap(({ file, columns, rows }) => {
    const { classes, image } = columns;
    const numbers = rows.flatMap((row): [string, number][] => {
      const [name = '', cell] = 'cells' in row && classes ? [row.cells[image], row.cells[classes.column]] : [];
      const [place] = name === '' ? [] : placesOf(index, file, { image: name, isAgainst: false });
      const number = toNumber(cell);
      return place === undefined || !normal.has(place) || (number !== 0 && number !== 1) ? [] : [[place, number]];
    });
    const isParted = new Set(numbers.map(([, number]) => number)).size > 1;
    const reason = `${file} calls some images of such folders 0 and others 1`;
    return isParted ? numbers.map(([place]): [string, string] => [place, reason]) : [];
  });
}

/** "Has 2 lines that are no JSON", of a JSON Lines file with such lines. */
function lostLines(value: unknown): string | undefined {
  const count = Array.isArray(value) ? (value as unknown[]).filter((line) => line instanceof LineError).length : 0;
  return count === 0 ? undefined : `has ${count} ${count === 1 ? 'line that is' : 'lines that are'} no JSON`;
}

/**
 * The label files of one folder that have lost something: how many, which images they name and how often, and of the
 * first what it has lost. An image that each of them names has lost nothing.
 */
type Losses = { reason: string; files: number; named: Map<string, number> };

function noteLoss(
  losses: Map<string, Losses>,
  file: string,
  { lost, named }: { lost: string; named: ReadonlySet<string> },
): void {
  const folder = path.posix.dirname(file);
  const noted = losses.get(folder) ?? { reason: `${file} ${lost}`, files: 0, named: new Map<string, number>() };
  noted.files += 1;
  named.forEach((place) => noted.named.set(place, (noted.named.get(place) ?? 0) + 1));
  losses.set(folder, noted);
}

/** The normal images that a file in reach does not name which has lost something, with the reason. */
function lostPlaces(losses: ReadonlyMap<string, Losses>, normal: ReadonlySet<string>): [string, string][] {
  return [...losses].flatMap(([folder, { reason, files, named }]) =>
    inReach(folder, normal)
      .filter((place) => (named.get(place) ?? 0) < files)
      .map((place): [string, string] => [place, `${reason}, and what it says of the image may be lost`]),
  );
}

/** The images that the label files of a folder can be about: those of that folder, and all where it has none. */
function inReach(folder: string, images: ReadonlySet<string>): string[] {
  const all = [...images];
  const own = folder === '.' ? all : all.filter((image) => image.startsWith(`${folder}/`));
  return own.length > 0 ? own : all;
}

/** The images that a file names which is cut off or damaged: what it says about each is lost. */
function namedIn(text: string): Naming[] {
  const names = text.matchAll(/"((?:[^"\\]|\\.){1,500}\.[a-z]{3,4})"/gi);
  return [...new Set([...names].map(([, name = '']) => name))].map((image) => ({ image, isAgainst: true }));
}

/** The image of a file's own name, about which a file that cannot be read said something. */
const ownName = (file: string): Naming => ({ image: path.posix.parse(file).name, isAgainst: true, isOfFile: true });

const brokenReason = (file: string, isOfFile = false): string =>
  `${file}, which cannot be read, ${isOfFile ? 'bears its name' : 'names it'}`;

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
