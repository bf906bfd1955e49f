import { readSidecar } from '../annotations/sidecar';
import { statedFields } from '../annotations/item-fields';
import { importFormats, type ImportFormat } from '../contract';
import type { AnnotatedCollector } from '../readers/annotated/collector';
import { cocoFiles, readCoco } from '../readers/annotated/coco';
import { labelStudioFiles, readLabelStudio } from '../readers/annotated/label-studio';
import { llavaFiles, readLlava } from '../readers/annotated/llava';
import { mmadFile, readMmad } from '../readers/annotated/mmad';
import { looksLikeYolo, readYolo } from '../readers/annotated/yolo';
import { type FormatName } from '../readers/published-sets';
import { readDataset } from '../readers/read-dataset';
import { DatasetTree } from '../readers/tree';
import { DatasetError } from '../readers/types';
import type { ImportItem, ImportListing } from './types';

type Annotated = {
  detect: (tree: DatasetTree) => Promise<boolean>;
  read: (tree: DatasetTree) => Promise<AnnotatedCollector>;
};

/** Formats with label files of their own, in the order of detection. */
const ANNOTATED = {
  mmad: { detect: async (tree) => (await mmadFile(tree)) !== undefined, read: readMmad },
  coco: { detect: async (tree) => (await cocoFiles(tree)).length > 0, read: readCoco },
  'label-studio': { detect: async (tree) => (await labelStudioFiles(tree)).length > 0, read: readLabelStudio },
  llava: { detect: async (tree) => (await llavaFiles(tree)).length > 0, read: readLlava },
  yolo: { detect: looksLikeYolo, read: readYolo },
} as const satisfies Record<string, Annotated>;

const isAnnotated = (format: string): format is keyof typeof ANNOTATED => format in ANNOTATED;
const isFormat = (format: string): format is ImportListing['format'] =>
  format !== 'auto' && importFormats.some((known) => known === format);

/**
 * Lists a set's images with what its label files state about them, without decoding any. Label files are small beside the images: they are read whole, images never are.
 *
 * @param directory untrusted; nothing outside it is touched
 * @throws DatasetError when the folder does not exist, has no known layout, lists no image, or a label file cannot be read
 */
export async function readSet(directory: string, format: ImportFormat = 'auto'): Promise<ImportListing> {
  const root = await enterSingleFolder(await DatasetTree.open(directory));
  const chosen = isAnnotated(format) ? format : format === 'auto' ? await detect(root) : undefined;
  if (chosen !== undefined) {
    const { items, problems } = await ANNOTATED[chosen].read(root);
    if (items.size === 0) {
      const reason = problems[0] === undefined ? '' : ` First problem: ${problems[0].place}: ${problems[0].message}`;
      throw new DatasetError(`The set has no images in the ${chosen} format.${reason}`);
    }
    const own = await readSidecar(root);
    const named = [...items.values()].map((item) => ({ ...item, path: own.get(item.path)?.path ?? item.path }));
    return { format: chosen, items: sortByPath(named), problems };
  }
  return readLaidOut(root, format as FormatName | 'auto');
}

/** A set that says everything by its folders and mask images. */
async function readLaidOut(root: DatasetTree, format: FormatName | 'auto'): Promise<ImportListing> {
  const listing = await readDataset(root.root, format);
  if (!isFormat(listing.layout)) {
    throw new DatasetError(`The layout ${listing.layout} cannot be imported.`);
  }
  const own = await readSidecar(root);
  const items = listing.items.map((item): ImportItem => {
    const fields = own.get(item.id);
    return {
      file: item.path,
      split: item.split,
      category: item.category,
      label: item.label === 1 ? 'anomalous' : 'normal',
      defectType: item.label === 1 ? item.type : null,
      masks: item.masks,
      shapes: [],
      text: {},
      exchanges: [],
      ...(fields !== undefined && statedFields(fields)),
      path: fields?.path ?? item.id,
    };
  });
  const problems = listing.problems.map(({ code, where, message }) => ({ code, place: where, message }));
  return { format: listing.layout, items: sortByPath(items), problems };
}

async function detect(tree: DatasetTree): Promise<keyof typeof ANNOTATED | undefined> {
  for (const [format, { detect: matches }] of Object.entries(ANNOTATED)) {
    if (isAnnotated(format) && (await matches(tree))) {
      return format;
    }
  }
  return undefined;
}

/** Archives often wrap a set in one folder. */
async function enterSingleFolder(tree: DatasetTree): Promise<DatasetTree> {
  const { directories, images } = await tree.list();
  const [only] = directories;
  const labels = [
    ...(await tree.files('.', '.json')),
    ...(await tree.files('.', '.csv')),
    ...(await tree.files('.', '.yaml')),
    ...(await tree.files('.', '.names')),
  ];
  if (directories.length !== 1 || only === undefined || images.length > 0 || labels.length > 0) {
    return tree;
  }
  const inner = await tree.locate(only);
  const isCategory = (await tree.hasFolder(`${only}/test`)) || (await tree.hasFolder(`${only}/train`));
  return inner === undefined || inner === 'unsafe' || isCategory || /^(normal|good|ok|images|anomal)/i.test(only)
    ? tree
    : DatasetTree.open(inner);
}

function sortByPath(items: ImportItem[]): ImportItem[] {
  return items.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
