import { open } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetTree } from './tree';

const PHOTO = /\.jpe?g$/i;
const PNG = /\.png$/i;
/** Where a PNG file's header says how its colours are stored: 2 and 6 are red, green and blue. */
const COLOUR_AT = 25;

/**
 * The PNG files that are masks of the JPEG file of the same name beside them, as Real-IAD lays them (`x.jpg`, `x.png`).
 * Only in folders where every PNG file lies beside such a photo, and only those of grey values or with a palette:
 * copies of a photo in another format are in colour.
 *
 * @param images all pictures of the set, as paths below its root
 */
export async function pairedMasks(tree: DatasetTree, images: readonly string[]): Promise<ReadonlySet<string>> {
  const photos = new Set(images.filter((file) => PHOTO.test(file)).map(stemOf));
  const pictures = images.filter((file) => PNG.test(file));
  const mixed = new Set(pictures.filter((file) => !photos.has(stemOf(file))).map((file) => path.posix.dirname(file)));
  const masks = new Set<string>();
  for (const file of pictures) {
    if (!mixed.has(path.posix.dirname(file)) && !(await isInColour(tree, file))) {
      masks.add(file);
    }
  }
  return masks;
}

const stemOf = (file: string): string => file.slice(0, -path.posix.extname(file).length).normalize('NFC').toLowerCase();

/** False also for a file that is no PNG: it is no image that could be inspected either. */
async function isInColour(tree: DatasetTree, file: string): Promise<boolean> {
  const located = await tree.locate(file);
  if (located === undefined || located === 'unsafe') {
    return false;
  }
  const handle = await open(located, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(COLOUR_AT + 1), 0, COLOUR_AT + 1, 0);
    return bytesRead > COLOUR_AT && ((buffer[COLOUR_AT] ?? 0) & 2) !== 0 && buffer[COLOUR_AT] !== 3;
  } finally {
    await handle.close();
  }
}
