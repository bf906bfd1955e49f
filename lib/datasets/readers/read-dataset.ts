import { readAitex } from './aitex';
import { type Collector } from './collector';
import { folderCategories, readFolder } from './folder';
import { elpvBase, looksLikeHeadCt, readElpv, readHeadCt, readYesNo, yesNoBase } from './labelled-lists';
import { readManifestSet } from './manifest';
import { hasMaskedImages, readMasked } from './masked';
import { mvtecCategories, readMvtec } from './mvtec';
import { type FormatName, layoutOf } from './published-sets';
import { DatasetTree } from './tree';
import { DatasetError, type DatasetListing, type LayoutName } from './types';
import { unreadOf } from './unread';
import { looksLikeVisa, readVisa } from './visa';

/** `detect` is absent where nothing but the lack of any other layout tells. */
type Reader = { detect?: (tree: DatasetTree) => Promise<boolean>; read: (tree: DatasetTree) => Promise<Collector> };

/** In the order of detection: the layouts with a file or names of their own before the general ones. */
const READERS: Readonly<Record<LayoutName, Reader>> = {
  manifest: { detect: (tree) => tree.hasFile('manifest.csv'), read: readManifestSet },
  visa: { detect: looksLikeVisa, read: readVisa },
  aitex: {
    detect: async (tree) => (await tree.hasFolder('Defect_images')) && (await tree.hasFolder('NODefect_images')),
    read: readAitex,
  },
  headct: { detect: looksLikeHeadCt, read: readHeadCt },
  elpv: { detect: async (tree) => (await elpvBase(tree)) !== undefined, read: readElpv },
  mvtec: { detect: async (tree) => (await mvtecCategories(tree)).length > 0, read: readMvtec },
  'yes-no': { detect: async (tree) => (await yesNoBase(tree)) !== undefined, read: readYesNo },
  folder: { detect: async (tree) => (await folderCategories(tree)).length > 0, read: readFolder },
  masks: { read: readMasked },
};

/**
 * Lists the images, labels and masks of a data set, without decoding any. Images that nothing labels, or whose label
 * cannot be read, are listed apart.
 *
 * @param directory the data set's folder; untrusted, nothing outside it is touched
 * @param format a layout or a published set's name, or `auto` to find the layout
 * @throws DatasetError if the folder does not exist, has no known layout, has no labelled image, or a label file cannot
 *   be read
 */
export async function readDataset(directory: string, format: FormatName | 'auto' = 'auto'): Promise<DatasetListing> {
  const tree = await DatasetTree.open(directory);
  const layout = format === 'auto' ? ((await findLayout(tree)) ?? (await maskLayout(tree))) : layoutOf(format);
  if (layout === undefined) {
    throw new DatasetError(
      `${tree.root} has no layout that is known: name it with --format, or lay the images in normal/ and anomalous/. Its images may also be labelled by masks, or by label files of other tools (docs/datasets.md).`,
    );
  }
  const read = await readLayout(tree, layout);
  const listing = { ...read, problems: [...read.problems, ...(await unreadOf(tree))] };
  if (listing.items.length === 0) {
    const first = listing.problems[0];
    const reason = first ? ` First problem: ${first.where}: ${first.message}` : '';
    throw new DatasetError(`${directory} has no images in the ${layout} layout that have a label.${reason}`);
  }
  return listing;
}

/** As `readDataset`, of a layout that is known already; there may be no labelled image. */
export async function readLayout(tree: DatasetTree, layout: LayoutName): Promise<DatasetListing> {
  const collector = await READERS[layout].read(tree);
  await collector.finish();
  const { items, unlabelled, problems } = collector;
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return {
    name: tree.name,
    layout,
    root: tree.root,
    items: items.sort(byId),
    unlabelled: unlabelled.sort(byId),
    problems,
  };
}

const maskLayout = async (tree: DatasetTree): Promise<LayoutName | undefined> =>
  (await hasMaskedImages(tree)) ? 'masks' : undefined;

/** The first layout that fits by its names; sets with masks alone have none. */
export async function findLayout(tree: DatasetTree): Promise<LayoutName | undefined> {
  for (const [layout, reader] of Object.entries(READERS)) {
    if ((await reader.detect?.(tree)) === true) {
      return layout as LayoutName;
    }
  }
  return undefined;
}
