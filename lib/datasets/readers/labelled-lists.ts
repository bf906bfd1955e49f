import path from 'node:path';
import { Collector } from './collector';
import { readCsv } from './csv';
import { toNumber } from './numbers';
import { type DatasetTree } from './tree';

/** Raters' probability from which a cell counts as defective: the four values are 0, 1/3, 2/3 and 1. */
const ELPV_DEFECTIVE = 0.5;

/** A line of ELPV's `labels.csv`; others have a file of this name as well. */
const ELPV_LINE = /^\s*\S+\.png[\s,]+[\d.]+[\s,]+(mono|poly)\s*$/im;

/** `labels.csv` of ELPV, beside the images or one folder down as the Python package lays it. */
export async function elpvBase(tree: DatasetTree): Promise<string | undefined> {
  for (const base of ['.', 'data', 'src/elpv_dataset/data', 'elpv_dataset/data']) {
    const file = path.posix.join(base, 'labels.csv');
    const isThere = (await tree.hasFile(file)) && (await tree.hasFolder(path.posix.join(base, 'images')));
    if (isThere && ELPV_LINE.test((await tree.text(file)).slice(0, 10_000))) {
      return base;
    }
  }
  return undefined;
}

/**
 * ELPV: `labels.csv` with one line per solar cell, `images/cellNNNN.png  probability  mono|poly` in columns padded with
 * spaces. Cells whose probability of a defect is above one half are anomalous (2/3 and 1), as in the zero-shot
 * literature. One category; the type is the module's.
 */
export async function readElpv(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  const base = (await elpvBase(tree)) ?? '.';
  const lines = (await tree.text(path.posix.join(base, 'labels.csv'))).split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') {
      continue;
    }
    // Columns are padded with spaces; a line of commas has decimal points.
    const [image, probability, module] = line.trim().split(/[\s,]+/);
    const value = toNumber(probability) ?? NaN;
    if (image === undefined || module === undefined || !(value >= 0 && value <= 1)) {
      collector.report(
        'bad_row',
        `labels.csv, line ${index + 1}`,
        'A line needs an image, a probability in 0..1 and a module type.',
      );
      await collector.doubt(path.posix.join(base, image ?? ''), { category: 'solar cell' });
      continue;
    }
    const label = value > ELPV_DEFECTIVE ? 1 : 0;
    const type = label === 0 ? 'good' : `defect (${module})`;
    await collector.add(
      { image: path.posix.join(base, image), category: 'solar cell', split: 'test', type, label },
      false,
    );
  }
  return collector;
}

/** The folder of HeadCT's images; the archive nests it twice. */
async function headCtImages(tree: DatasetTree): Promise<string> {
  for (const folder of ['head_ct/head_ct', 'head_ct', 'images']) {
    if ((await tree.list(folder)).images.length > 0) {
      return folder;
    }
  }
  return '.';
}

/** True for HeadCT: a `labels.csv` with a hemorrhage column. */
export async function looksLikeHeadCt(tree: DatasetTree): Promise<boolean> {
  if (!(await tree.hasFile('labels.csv'))) {
    return false;
  }
  const [header = ''] = (await tree.text('labels.csv')).split(/\r?\n/, 1);
  return /hemorrhage/i.test(header);
}

/** HeadCT: `labels.csv` (columns id, hemorrhage) and `head_ct/head_ct/NNN.png`, the id padded to three digits. */
export async function readHeadCt(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  const rows = await readCsv(tree, 'labels.csv', ['id', 'hemorrhage']);
  const folder = await headCtImages(tree);
  for (const row of rows) {
    const { id = '', hemorrhage = '' } = 'cells' in row ? row.cells : {};
    const value = toNumber(hemorrhage);
    const image = path.posix.join(folder, `${id.slice(0, 20).padStart(3, '0')}.png`);
    if (!/^\d+$/.test(id) || (value !== 0 && value !== 1)) {
      const message = 'A row needs a number as id and hemorrhage 0 or 1.';
      collector.report('bad_row', `labels.csv, row ${row.line}`, message);
      await collector.doubt(image, { category: 'head CT' });
      continue;
    }
    const label = value === 1 ? 1 : 0;
    const type = label === 0 ? 'good' : 'hemorrhage';
    await collector.add({ image, category: 'head CT', split: 'test', type, label }, false);
  }
  return collector;
}

/** The folder that holds `yes` and `no`: the root, or the one folder that archives wrap around it. */
export async function yesNoBase(tree: DatasetTree): Promise<string | undefined> {
  const { directories } = await tree.list();
  for (const base of ['.', ...directories]) {
    if ((await tree.hasFolder(path.posix.join(base, 'yes'))) && (await tree.hasFolder(path.posix.join(base, 'no')))) {
      return base;
    }
  }
  return undefined;
}

/** BrainMRI and Br35H: tumours in `yes/`, healthy brains in `no/`. Br35H's `pred/` has no labels and is not read. */
export async function readYesNo(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  const base = (await yesNoBase(tree)) ?? '.';
  for (const [folder, label] of [
    ['no', 0],
    ['yes', 1],
  ] as const) {
    const { images } = await tree.list(path.posix.join(base, folder));
    if (images.length === 0) {
      collector.report('empty_folder', path.posix.join(base, folder), 'The folder has no images.');
    }
    for (const image of images) {
      const type = label === 0 ? 'good' : 'tumour';
      await collector.add(
        { image: path.posix.join(base, folder, image), category: 'brain MRI', split: 'test', type, label },
        false,
      );
    }
  }
  return collector;
}
