import { stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MAX_PAGES } from '@/lib/datasets/import/expand-pages';
import { type DatasetItem, type DatasetListing } from '@/lib/datasets/readers/types';
import { countTiffPages, extractTiffPage, withFileAt } from '@/lib/vision/tiff-pages';

const TIFF_NAME = /\.tiff?$/i;

/**
 * Puts the pages of TIFF stacks in the place of their file, as an import does: `stack.page1.tif`, `stack.page2.tif`
 * ..., each with the same page of a mask stack. The label of the file is that of all its pages; a mask of one page
 * belongs to the first.
 *
 * @param directory an empty folder for the pages, which the caller removes; they have their file's time, so that an
 *   interrupted evaluation goes on
 * @returns `stacks`: how many files were taken apart
 */
export async function expandStacks(
  listing: DatasetListing,
  directory: string,
): Promise<{ listing: DatasetListing; stacks: number }> {
  const items: DatasetItem[] = [];
  const taken = new Set(listing.items.map(({ id }) => id));
  let stacks = 0;
  for (const item of listing.items) {
    const count = await pagesOf(item.path);
    const names = Array.from({ length: Math.min(count, MAX_PAGES) }, (_, page) => pageName(item.id, page, count));
    if (count === 1 || names.some((name) => taken.has(name))) {
      items.push(item);
      continue;
    }
    const masks = await Promise.all(item.masks.map(async (file) => ({ file, pages: await pagesOf(file) })));
    for (const [page, id] of names.entries()) {
      const copy = (file: string, kind: string) =>
        copyPage(file, page, path.join(directory, `${stacks}-${page}-${kind}.tif`));
      const own = masks.filter(({ pages }) => page < pages);
      items.push({
        ...item,
        id,
        path: await copy(item.path, 'image'),
        masks: await Promise.all(
          own.map(({ file, pages }, index) => (pages === 1 ? Promise.resolve(file) : copy(file, `mask${index}`))),
        ),
      });
    }
    stacks += 1;
  }
  return { listing: { ...listing, items }, stacks };
}

const pageName = (id: string, page: number, count: number): string => {
  const { dir, name, ext } = path.posix.parse(id);
  return path.posix.join(dir, `${name}.page${String(page + 1).padStart(String(count).length, '0')}${ext}`);
};

/** A file that cannot be opened has its own problem when it is evaluated. */
export async function pagesOf(file: string): Promise<number> {
  if (!TIFF_NAME.test(file)) {
    return 1;
  }
  return withFileAt(file, countTiffPages).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error) {
      return 1;
    }
    throw error;
  });
}

/** Writes a page of a TIFF file, from 0, as a file of its own with the file's time. @returns `to` */
export async function copyPage(file: string, page: number, to: string): Promise<string> {
  await writeFile(to, await withFileAt(file, (read) => extractTiffPage(read, page)));
  const { mtime } = await stat(file);
  await utimes(to, mtime, mtime);
  return to;
}
