import path from 'node:path';
import { statedFields } from '../annotations/item-fields';
import { readSidecar } from '../annotations/sidecar';
import { importFormats, type ImportFormat } from '../contract';
import { readCoco, cocoFiles } from '../readers/annotated/coco';
import { AnnotatedCollector } from '../readers/annotated/collector';
import { cvatFiles, readCvat } from '../readers/annotated/cvat';
import { hasImages, readImages } from '../readers/annotated/images';
import { LabelFiles } from '../readers/annotated/label-files';
import { labelStudioFiles, readLabelStudio } from '../readers/annotated/label-studio';
import { looksLikeLabelme, readLabelme } from '../readers/annotated/labelme';
import { llavaFiles, readLlava } from '../readers/annotated/llava';
import { mmadFile, readMmad } from '../readers/annotated/mmad';
import { readTables, tablesOf } from '../readers/annotated/table';
import { TOOL_READERS } from '../readers/annotated/tools/read-tools';
import { readVia, viaFiles } from '../readers/annotated/via';
import { looksLikeVoc, readVoc } from '../readers/annotated/voc';
import { looksLikeYolo, readYolo } from '../readers/annotated/yolo';
import { tellNotLabelled } from '../readers/not-labelled';
import { layoutOf } from '../readers/published-sets';
import { findLayout, readLayout } from '../readers/read-dataset';
import { DatasetTree, isImageName } from '../readers/tree';
import { DatasetError, type LayoutName } from '../readers/types';
import { unreadOf } from '../readers/unread';
import { expandPages } from './expand-pages';
import { compareLabelFiles } from './label-files-beside';
import { withSafePaths } from './safe-paths';
import { unknownJson } from './unknown-json';
import type { ImportItem, ImportListing, ImportProblem } from './types';

type Annotated = {
  detect: (files: LabelFiles) => Promise<boolean>;
  read: (files: LabelFiles, collector: AnnotatedCollector) => Promise<void>;
};

/**
 * Formats with label files of their own, in the order of detection; tables come after the layouts, some of which have
 * tables of their own.
 */
const ANNOTATED = {
  mmad: { detect: async (files) => (await mmadFile(files)) !== undefined, read: readMmad },
  coco: { detect: async (files) => (await cocoFiles(files)).length > 0, read: readCoco },
  'label-studio': { detect: async (files) => (await labelStudioFiles(files)).length > 0, read: readLabelStudio },
  llava: { detect: async (files) => (await llavaFiles(files)).length > 0, read: readLlava },
  cvat: { detect: async (files) => (await cvatFiles(files)).length > 0, read: readCvat },
  voc: { detect: looksLikeVoc, read: readVoc },
  labelme: { detect: looksLikeLabelme, read: readLabelme },
  via: { detect: async (files) => (await viaFiles(files)).length > 0, read: readVia },
  ...TOOL_READERS,
  yolo: { detect: looksLikeYolo, read: readYolo },
  table: { detect: async (files) => (await tablesOf(files)).length > 0, read: readTables },
} as const satisfies Record<string, Annotated>;

/** What is left when a set has neither label files nor folders that say anything. */
const IMAGES: Annotated = { detect: hasImages, read: readImages };

/** A format with label files of its own. */
export type LabelFileFormat = keyof typeof ANNOTATED;
export const labelFileFormats = Object.keys(ANNOTATED) as readonly LabelFileFormat[];
type Found =
  | { tree: DatasetTree; annotated: Annotated; format: LabelFileFormat | 'images' }
  | { tree: DatasetTree; layout: LayoutName };

export const isLabelFileFormat = (format: string): format is LabelFileFormat => Object.hasOwn(ANNOTATED, format);
const isFormat = (format: string): format is ImportListing['format'] =>
  format !== 'auto' && importFormats.some((known) => known === format);

/**
 * Lists a set's images with what its label files state about them, without decoding any. Label files are small beside
 * the images: they are read whole, images never are. Every image below the folder is an item, or a problem says why it
 * is not.
 *
 * @param directory untrusted; nothing outside it is touched
 * @throws DatasetError when the folder does not exist, has no image, or a label file that describes the whole set
 *   cannot be read
 */
export async function readSet(directory: string, format: ImportFormat = 'auto'): Promise<ImportListing> {
  const tree = await DatasetTree.open(directory);
  const found = format === 'auto' ? await findFormat(tree) : await stated(tree, format);
  const wrapper = path.relative(tree.root, found.tree.root).replaceAll(path.sep, '/');
  const unread = await unreadOf(tree, wrapper === '' ? '' : `${wrapper}/`);
  const listing =
    'layout' in found
      ? await expandPages(await readLaidOut(found), 'of_files')
      : await expandPages(await readAnnotated(found), found.format === 'images' ? 'of_files' : 'of_pictures');
  const { format: name } = listing;
  const { items, problems: renamed } = withSafePaths(listing.items);
  const left = unread.map(({ code, where, message }): ImportProblem => ({ code, place: where, message }));
  const problems = [...listing.problems, ...renamed, ...left];
  for (const [file, encoding] of found.tree.guessedEncodings()) {
    const message = `The file is no UTF-8 text; it was read as ${encoding}. Save it as UTF-8 if names look wrong.`;
    problems.push({ code: 'encoding', place: file, message });
  }
  if (items.length === 0) {
    const reason = problems[0] === undefined ? '' : ` First problem: ${problems[0].place}: ${problems[0].message}`;
    throw new DatasetError(`The set has no images in the ${name} format.${reason}`);
  }
  return { format: name, items: sortByPath(items), problems };
}

async function readAnnotated({
  tree,
  annotated,
  format,
}: Extract<Found, { annotated: Annotated }>): Promise<ImportListing> {
  const files = new LabelFiles(tree);
  const collector = new AnnotatedCollector(tree);
  await annotated.read(files, collector);
  await reportUnread(files, format, collector);
  await collector.join();
  const taken = new Set(collector.files());
  for (const [name, other] of format === 'images' ? [] : Object.entries(ANNOTATED)) {
    if (name !== format && (await other.detect(files))) {
      const second = new AnnotatedCollector(tree);
      await other.read(files, second);
      await second.join();
      collector.compare(second, name);
      second.files().forEach((file) => taken.add(file));
    }
  }
  const doubts = format === 'images' ? undefined : await unknownJson(files, taken, collector.report);
  if (doubts !== undefined) {
    collector.compare(doubts, 'unknown');
  }
  await collector.addOthers();
  const own = await readSidecar(tree);
  const items = [...collector.items.values()].map((item) => ({ ...item, path: own.get(item.path)?.path ?? item.path }));
  return { format, items, problems: collector.problems };
}

/**
 * A JSON file that cannot be read at all may have held the annotations of any image, and so may a table where nothing
 * else has them.
 */
async function reportUnread(files: LabelFiles, format: string, collector: AnnotatedCollector): Promise<void> {
  const tool = Object.entries(TOOL_READERS).find(([name]) => name === format)?.[1];
  if (format === 'labelme' || tool?.isPerImage === true) {
    return;
  }
  for await (const json of files.json()) {
    if ('broken' in json) {
      collector.report('bad_file', json.file, json.broken);
      collector.doubt('*', `${json.file} cannot be read`);
    }
  }
  for (const file of format === 'table' || format === 'images' ? await files.named('.csv', '.tsv') : []) {
    const read = await files.text(file);
    if ('broken' in read) {
      collector.report('bad_file', file, read.broken);
      collector.doubt('*', `${file} cannot be read`);
    }
  }
}

/** Layouts without a label file of their own. */
const FOLDER_LAYOUTS: readonly LayoutName[] = ['mvtec', 'folder', 'yes-no', 'aitex'];

/** A set that says everything by its folders and mask images. */
async function readLaidOut({ tree, layout }: { tree: DatasetTree; layout: LayoutName }): Promise<ImportListing> {
  const listing = await readLayout(tree, layout);
  if (!isFormat(listing.layout)) {
    throw new DatasetError(`The layout ${listing.layout} cannot be imported.`);
  }
  const own = await readSidecar(tree);
  const plain = { shapes: [], size: null, text: {}, exchanges: [] };
  const labelled = listing.items.map((item): ImportItem => ({
    ...plain,
    file: item.path,
    path: item.id,
    split: item.split,
    category: item.category,
    label: item.label === 1 ? 'anomalous' : 'normal',
    defectType: item.label === 1 ? item.type : null,
    masks: item.masks,
  }));
  const unlabelled = listing.unlabelled.map(({ id, path: file, split, category, isNotLabelled }): ImportItem => ({
    ...plain,
    ...(isNotLabelled === true && { isNotLabelled }),
    file,
    path: id,
    split,
    category,
    label: 'unlabelled',
    defectType: null,
    masks: [],
  }));
  const all = [...labelled, ...unlabelled];
  const beside = FOLDER_LAYOUTS.includes(layout) ? await compareLabelFiles(tree, all) : { items: all, problems: [] };
  const items = beside.items.map((item) => {
    const fields = own.get(item.path);
    return fields === undefined ? item : { ...item, ...statedFields(fields), path: fields.path ?? item.path };
  });
  const problems = listing.problems
    .filter(({ code }) => code !== 'not_labelled')
    .map(({ code, where, message }): ImportProblem => ({ code, place: where, message }));
  // Tables may label what no folder does, so that these are told last.
  const open = beside.items.flatMap(({ path: place, isNotLabelled }) => (isNotLabelled === true ? place : []));
  const told = tellNotLabelled(open).map((each): ImportProblem => ({ code: 'not_labelled', ...each }));
  return { format: listing.layout, items, problems: [...problems, ...told, ...beside.problems] };
}

/** The format that a person named, in the folder or the one that it is wrapped in. */
async function stated(tree: DatasetTree, format: Exclude<ImportFormat, 'auto'>): Promise<Found> {
  const inner = await unwrap(tree);
  if (isLabelFileFormat(format)) {
    return { tree: inner, annotated: ANNOTATED[format], format };
  }
  return format === 'images' ? { tree: inner, annotated: IMAGES, format } : { tree: inner, layout: layoutOf(format) };
}

/** The first format that fits, in the folder itself or in the folders that wrap the set. */
async function findFormat(outer: DatasetTree): Promise<Found> {
  const tree = await unwrap(outer);
  const files = new LabelFiles(tree);
  for (const [format, annotated] of Object.entries(ANNOTATED)) {
    if (isLabelFileFormat(format) && format !== 'table' && (await annotated.detect(files))) {
      return { tree, annotated, format };
    }
  }
  for (const candidate of tree.root === outer.root ? [tree] : [tree, outer]) {
    const layout = await findLayout(candidate);
    if (layout !== undefined) {
      return { tree: candidate, layout };
    }
  }
  if (await ANNOTATED.table.detect(files)) {
    return { tree, annotated: ANNOTATED.table, format: 'table' };
  }
  if (await IMAGES.detect(files)) {
    return { tree, annotated: IMAGES, format: 'images' };
  }
  const [first] = await unreadOf(outer);
  const reason = first === undefined ? '' : ` First problem: ${first.where}: ${first.message}`;
  throw new DatasetError(
    `${outer.root} has no images: name the folder that has them (JPEG, PNG, WebP, TIFF, GIF, AVIF or BMP files).${reason}`,
  );
}

/** Folders that mean something by their name, so that the set begins above them. */
const MEANING =
  /^(train|test|val(id|idation)?|test_\w+|good|ok|ng|normal|bad|defect\w*|anomal\w*|abnormal|yes|no|images?|jpegimages|labels?|masks?|data|annotations|ground_truth|obj_\w+)$/i;
const MAX_WRAPPERS = 8;

/** Archives often wrap a set in one folder or several; only what lies in there counts. */
async function unwrap(tree: DatasetTree): Promise<DatasetTree> {
  const files = (await tree.walk()).filter((file) => isImageName(file) || isLabel(file));
  const first = files[0]?.split('/').slice(0, -1) ?? [];
  const shared = first.findIndex((_, depth) => {
    const prefix = `${first.slice(0, depth + 1).join('/')}/`;
    return depth >= MAX_WRAPPERS || MEANING.test(first[depth] ?? '') || !files.every((file) => file.startsWith(prefix));
  });
  const depth = shared === -1 ? first.length : shared;
  let inner = tree;
  for (let count = depth; count > 0; count -= 1) {
    // A folder that holds nothing but `test` or `train` is a category, which the layout above names.
    const folder = first.slice(0, count).join('/');
    const isCategory = (await tree.hasFolder(`${folder}/test`)) || (await tree.hasFolder(`${folder}/train`));
    const isLast = count === depth;
    if (isLast && isCategory && !(await hasLabelFile(tree, folder))) {
      continue;
    }
    const at = await tree.locate(folder);
    if (at !== undefined && at !== 'unsafe') {
      inner = await DatasetTree.open(at);
    }
    break;
  }
  return inner;
}

const isLabel = (file: string): boolean =>
  /\.(json|jsonl|ndjson|csv|xml|ya?ml|names|txt)$/i.test(file) &&
  !/^(readme|licen[sc]e|notes?)\b.*\.txt$/i.test(path.posix.basename(file));

async function hasLabelFile(tree: DatasetTree, folder: string): Promise<boolean> {
  return (await tree.walk()).some(
    (file) => path.posix.dirname(file) === folder && /\.(json|jsonl|csv|ya?ml|xml)$/i.test(file),
  );
}

function sortByPath(items: ImportItem[]): ImportItem[] {
  return items.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
