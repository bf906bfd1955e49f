import path from 'node:path';
import { readSidecar } from '../../annotations/sidecar';
import type { Shape } from '../../annotations/shapes';
import { isMaskFolder, splitOfWord } from '../label-words';
import { NameIndex } from '../name-index';
import { type DatasetTree, isImageName } from '../tree';
import { DatasetError } from '../types';
import type { AnnotatedCollector } from './collector';
import type { LabelFiles } from './label-files';
import { kindOfRow, needsKinds, readYoloRow, type RowKinds, type YoloNames } from './yolo-rows';
import { isListFile, readYoloData, readYoloNames, type YoloData } from './yolo-set';

/** CVAT's "YOLO 1.1": images and rows beside each other, one folder a subset. */
const BESIDE: Readonly<Record<string, string>> = {
  obj_train_data: 'train',
  obj_valid_data: 'val',
  obj_test_data: 'test',
};

/**
 * Label files of which the first rows are looked at to recognise the format: notes may lie beside many images and rows
 * beside few.
 */
const PROBED = 5_000;

/** What is unclear in one row makes the set one of YOLO nevertheless. */
const ANY_KIND: RowKinds = { hasBoxes: false, hasOutlines: true };

/** The source of what the lack of a label file says. */
const NO_FILE = 'no label file';

/** Folders and lists that a YAML file may name. */
const MAX_PLACES = 1000;

const labelTexts = async (tree: DatasetTree): Promise<string[]> =>
  (await tree.walk()).filter((file) => /\.txt$/i.test(file) && !isListFile(file));

/**
 * True for a set with text files of rows beside or parallel to its images, or with a YAML file that names folders of
 * images.
 */
export async function looksLikeYolo({ tree }: LabelFiles): Promise<boolean> {
  const images = new NameIndex((await tree.walk()).filter(isImageName));
  const texts = (await labelTexts(tree)).filter((file) => images.findStem(path.posix.basename(file)) !== undefined);
  const unnamed: YoloNames = { names: new Map(), file: '', keyPoints: null };
  let isEmpty = texts.length > 0;
  for (const file of texts.slice(0, PROBED)) {
    const rows = (await tree.text(file)).split(/\r?\n/, 50).filter((row) => row.trim() !== '');
    if (rows.some((row) => /^\s*\d/.test(row) && 'shape' in readYoloRow(row, unnamed, ANY_KIND))) {
      return true;
    }
    isEmpty &&= rows.length === 0;
  }
  const inFolder = texts.some((file) => /(^|\/)(labels|obj_\w+_data)\//i.test(file));
  const data = await readYoloData(tree);
  const hasData = data !== undefined && (data.names.size > 0 || data.splits.length > 0);
  return inFolder || (hasData && (await tree.walk()).some(isImageName)) || (isEmpty && texts.length > 1);
}

/**
 * YOLO: one text file per image with a row per instance (`readYoloRow`), in `labels/` parallel to `images/`, or beside
 * the images. An image without rows is normal; one without a file as well, as trainers take it, where other images of
 * its folder or split have label files. Names of classes come from the YAML file, or from `classes.txt` or `obj.names`.
 */
export async function readYolo({ tree }: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  const data = await readYoloData(tree, (file, message) => collector.report('bad_file', file, message));
  const names = await readYoloNames(tree, data);
  const own = await readSidecar(tree);
  const texts = await labelTexts(tree);
  const labels = new NameIndex(texts);
  const kinds = kindsOf(tree, texts);
  const splits = await splitsOf(tree, data);
  const lost = new NameIndex([...(await tree.leftOut()).keys()].filter((file) => /\.txt$/i.test(file)));
  const labelOf = new Map<string, string | undefined>();
  for (const image of (await tree.walk()).filter(isImageName)) {
    const label = labelFileOf(image, labels);
    // A folder may be called like one of masks and have images nevertheless: then they have label files.
    if (label !== undefined || own.has(image) || !image.split('/').slice(0, -1).some(isMaskFolder)) {
      labelOf.set(image, label);
    }
  }
  const images = [...labelOf.keys()];
  const used = new Set([...labelOf.values()].flatMap((label) => label ?? []));
  const labelled = images.filter((image) => labelOf.get(image) !== undefined);
  const annotated = new Set(labelled.flatMap((image) => [path.posix.dirname(image), splits.get(image) ?? []].flat()));
  for (const [image, label] of labelOf) {
    const split = splits.get(image);
    const isBackground = annotated.has(path.posix.dirname(image)) || (split !== undefined && annotated.has(split));
    const fields = own.get(image);
    if (label === undefined && !isBackground && fields === undefined && labelled.length > 0) {
      continue;
    }
    // A link to a label file that is not there is no sign of background.
    const gone = label === undefined ? labelFileOf(image, lost) : undefined;
    const missing = gone === undefined ? undefined : { doubts: [`${gone} cannot be read`] };
    const read = label === undefined ? missing : await readRows(tree, label, { names, kinds, collector });
    collector.state({
      image,
      source: label ?? NO_FILE,
      ...read,
      split: split ?? splitOf(image),
      isLookedAt: label !== undefined || isBackground,
      own: fields,
    });
  }
  for (const file of texts) {
    if (!used.has(file) && /\d/.test(await tree.text(file))) {
      collector.report('missing_image', file, 'The label file belongs to no image of the set; it is left out.');
      // It may be that of an image without one, whose name was changed: none of these is known to be background.
      collector.doubt(NO_FILE, `the rows of ${file} belong to no image`);
    }
  }
}

/**
 * The label file of an image: with `images` in its path turned into `labels`, beside it, or the only one of its name.
 */
function labelFileOf(image: string, labels: NameIndex): string | undefined {
  const stem = image.slice(0, -path.posix.extname(image).length);
  const parallel = stem.replace(/(^|\/)images(?=\/)(?!.*\/images\/)/i, '$1labels');
  for (const place of new Set([`${parallel}.txt`, `${stem}.txt`, `labels/${stem}.txt`])) {
    const match = labels.findWhole(place);
    if (match !== undefined && 'path' in match) {
      return match.path;
    }
  }
  const match = labels.findStem(stem);
  const isOther = match !== undefined && 'path' in match && !sharesFolders(match.path, stem);
  return match === undefined || 'among' in match || isOther ? undefined : match.path;
}

/** True when the folders of a label file are those of the image, but for names like `images` and `labels`. */
function sharesFolders(label: string, image: string): boolean {
  const folders = (file: string) =>
    path.posix
      .dirname(file)
      .split('/')
      .filter((name) => !/^(\.|images?|labels?|annotations?|jpegimages|txt|yolo.*)$/i.test(name))
      .map((name) => splitOfWord(name) ?? name.toLowerCase())
      .join('/');
  return folders(label) === folders(image);
}

/** Rows that are looked at to tell the kinds of a set's. */
const MAX_KIND_ROWS = 100_000;

/**
 * Looks at a set's rows until their kinds are known, when they are first asked for: few sets have rows of unclear kind.
 */
function kindsOf(tree: DatasetTree, texts: readonly string[]): () => Promise<RowKinds> {
  let known: Promise<RowKinds> | undefined;
  const look = async (): Promise<RowKinds> => {
    const found = { hasBoxes: false, hasOutlines: false };
    let left = MAX_KIND_ROWS;
    for (const file of texts) {
      const text = await tree.text(file).catch(emptyIfRefused);
      for (const row of text.split(/\r\n?|\n/, left)) {
        const kind = kindOfRow(row.trim());
        found.hasBoxes ||= kind === 'box';
        found.hasOutlines ||= kind === 'outline';
        left -= 1;
      }
      if (left <= 0 || (found.hasBoxes && found.hasOutlines)) {
        break;
      }
    }
    return found;
  };
  return () => (known ??= look());
}

function emptyIfRefused(error: unknown): string {
  if (error instanceof DatasetError) {
    return '';
  }
  throw error;
}

type Reading = { names: YoloNames; kinds: () => Promise<RowKinds>; collector: AnnotatedCollector };

async function readRows(tree: DatasetTree, file: string, { names, kinds, collector }: Reading) {
  const shapes: Shape[] = [];
  const doubts: string[] = [];
  const notes = new Set<string>();
  const content = await tree.text(file).catch((error: unknown) => {
    if (!(error instanceof DatasetError)) {
      throw error;
    }
    collector.report('bad_file', file, error.message);
    doubts.push(`${file} cannot be read`);
    return '';
  });
  let hasRemarks = false;
  for (const [index, line] of content.split(/\r\n?|\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) {
      hasRemarks ||= line.trim() !== '';
      continue;
    }
    const where = `${file}, line ${index + 1}`;
    const text = line.trim();
    const row = readYoloRow(text, names, needsKinds(text, names) ? await kinds() : undefined);
    if ('unreadable' in row) {
      collector.report('bad_row', where, `The row cannot be read: ${row.unreadable}.`);
      doubts.push(`${where}: ${row.unreadable}`);
      continue;
    }
    shapes.push(row.shape);
    if (row.note !== undefined && !notes.has(row.note)) {
      notes.add(row.note);
      collector.report('unknown_class', where, row.note);
    }
  }
  if (hasRemarks && shapes.length === 0 && doubts.length === 0) {
    // An empty file is background; of one whose rows were commented out nobody knows.
    collector.report('bad_row', file, 'The file has remarks and no rows, so that its image is not taken for normal.');
    doubts.push(`${file} has remarks only`);
  }
  return { shapes, doubts };
}

/**
 * The split of each image that the YAML file's folders and lists say. Its paths start at a `path` of the machine it was
 * written on, or (Roboflow) one folder too high, so only what is found below the set counts.
 */
async function splitsOf(tree: DatasetTree, data: YoloData | undefined): Promise<Map<string, string>> {
  const splits = new Map<string, string>();
  const index = await tree.imageIndex();
  const lists = (await tree.walk()).filter((file) =>
    /^(train|val|valid|validation|test)\.txt$/i.test(path.posix.basename(file)),
  );
  const places = [
    ...(data?.splits ?? []),
    ...lists.map((place) => ({ place, split: splitOfWord(path.posix.basename(place)) ?? 'train' })),
  ];
  for (const { place, split } of places.slice(0, MAX_PLACES)) {
    const local = path.posix.normalize(place.replaceAll('\\', '/')).replace(/^(\.{0,2}\/)+|\/$/g, '');
    if (/\.txt$/i.test(local)) {
      const names = (await tree.hasFile(local)) ? (await tree.text(local)).split(/\r?\n/) : [];
      for (const name of names.filter((line) => line.trim() !== '')) {
        const match = index.findWhole(name.trim(), ['.', path.posix.dirname(local)]) ?? index.findEnd(name.trim());
        if (match !== undefined && 'path' in match && !splits.has(match.path)) {
          splits.set(match.path, split);
        }
      }
    } else if (local !== '.' && local !== '') {
      for (const image of await tree.walk()) {
        if (image.startsWith(`${local}/`) && !splits.has(image)) {
          splits.set(image, split);
        }
      }
    }
  }
  return splits;
}

/** The split is a folder's name, before `images` or right below it. */
function splitOf(image: string): string | null {
  const folders = image.split('/').slice(0, -1);
  const beside = BESIDE[folders[0] ?? ''];
  return beside ?? folders.map(splitOfWord).find((split) => split !== null) ?? null;
}
