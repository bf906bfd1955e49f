import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './usage-error';

const IMAGE_NAME = /\.(jpe?g|png|webp|tiff?|gif|avif|hei[cf]|bmp)$/i;

/**
 * Puts the images of a folder, those of its folders included and hidden ones not, in the place of its name, sorted by
 * path. Names of files stay as they are.
 * @throws UsageError for a folder without images
 */
export async function expandFolders(names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const isFolder = await stat(name).then(
      (state) => state.isDirectory(),
      // A file that is not there is named when it is read.
      () => false,
    );
    if (!isFolder) {
      found.push(name);
      continue;
    }
    const images = (await imagesBelow(name)).sort();
    if (images.length === 0) {
      throw new UsageError(
        `${name} holds no image: give image files, or a folder of JPEG, PNG, TIFF, BMP or HEIC files.`,
      );
    }
    found.push(...images);
  }
  return found;
}

async function imagesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) {
      continue;
    }
    if (entry.isDirectory()) {
      found.push(...(await imagesBelow(path)));
    } else if (entry.isFile() && IMAGE_NAME.test(entry.name)) {
      found.push(path);
    }
  }
  return found;
}
