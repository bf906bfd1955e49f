import path from 'node:path';
import { fitName } from '../fit-name';
import { countTiffPages, withFileAt } from '@/lib/vision/tiff-pages';
import type { ImportItem, ImportListing, ImportProblem } from './types';

const TIFF_NAME = /\.tiff?$/i;
/** More pages of one file than this are left out, and told: a few kilobytes can claim to have ten thousand. */
export const MAX_PAGES = 2_000;

/**
 * Whether the set's labels come from folders and lists, and so hold for a file as a whole, or were drawn on a picture,
 * which is the first page.
 */
type Labels = 'of_files' | 'of_pictures';

/**
 * Puts the pages of TIFF stacks in the place of their file, each an item of its own: `stack.tif` becomes
 * `stack.page1.tif`, `stack.page2.tif` ... A mask with as many pages as the image has gives each page its own.
 */
export async function expandPages({ items, problems, ...rest }: ImportListing, labels: Labels): Promise<ImportListing> {
  const taken = new Set(items.map((item) => item.path));
  const found: ImportProblem[] = [...problems];
  const expanded: ImportItem[] = [];
  for (const item of items) {
    const pages = TIFF_NAME.test(item.file) ? await pagesOf(item.file) : 1;
    if (pages === 1) {
      expanded.push(item);
      continue;
    }
    const own = await pagesOfItem(item, Math.min(pages, MAX_PAGES), labels);
    const clash = own.items.find((page) => taken.has(page.path));
    if (clash !== undefined) {
      const message = `The file has ${pages} pages, but ${clash.path} is an image of its own: its first page alone is taken.`;
      found.push({ code: 'duplicate', place: item.path, message });
      expanded.push(item);
      continue;
    }
    const left = pages > MAX_PAGES ? ` Those after the first ${MAX_PAGES} are left out.` : '';
    found.push({
      code: 'pages',
      place: item.path,
      message: `The file has ${pages} pages, each an item.${left}${own.note}`,
    });
    expanded.push(...own.items);
  }
  return { ...rest, items: expanded, problems: found };
}

/** A file that is gone, or cannot be opened, has its own problem when it is read. */
async function pagesOf(file: string): Promise<number> {
  return withFileAt(file, countTiffPages).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error) {
      return 1;
    }
    throw error;
  });
}

async function pagesOfItem(item: ImportItem, count: number, labels: Labels) {
  const { dir, name, ext } = path.posix.parse(item.path);
  const digits = String(count).length;
  const pathOf = (page: number) =>
    path.posix.join(dir, fitName(`${name}.page${String(page + 1).padStart(digits, '0')}${ext}`));
  const masks = await Promise.all(
    item.masks.map(async (file) => ({ file, pages: TIFF_NAME.test(file) ? await pagesOf(file) : 1 })),
  );
  // What was drawn, or said, about a file was drawn and said on the picture that a tool showed of it: its first page.
  const isFirstOnly = labels === 'of_pictures';
  const single = masks.some(({ pages }) => pages === 1);
  const items = Array.from({ length: count }, (_, page): ImportItem => {
    const isKept = page === 0 || !isFirstOnly;
    return {
      ...item,
      ...(!isKept && { label: 'unlabelled', defectType: null, text: {}, exchanges: [] }),
      path: pathOf(page),
      page,
      shapes: page === 0 ? item.shapes : [],
      masks: masks.filter(({ pages: own }) => isKept && page < own).map(({ file }) => file),
    };
  });
  const note =
    isFirstOnly && item.label !== 'unlabelled'
      ? ' The label files say nothing of the others than the first: they are unlabelled.'
      : single
        ? ' The mask has a single page: it is that of the first.'
        : '';
  return { items, note };
}
