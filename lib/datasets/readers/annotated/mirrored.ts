import path from 'node:path';

const IMAGES = ['images', 'JPEGImages', 'Images', 'imgs', 'img'];
/** Deeper label files are found by the other rules. */
const MAX_DEPTH = 12;

/**
 * The folders that mirror a label file's own: with one of its parts left out or called as folders of images are.
 * `Annotations/cam1/1.xml` is about `JPEGImages/cam1/1.jpg`, or `cam1/1.jpg`.
 */
export function mirroredFolders(file: string): string[] {
  const parts = path.posix.dirname(file).split('/');
  if (parts[0] === '.' || parts.length > MAX_DEPTH) {
    return [];
  }
  return parts.flatMap((_, at) =>
    [[], ...IMAGES.map((name) => [name])].map(
      (instead) => [...parts.slice(0, at), ...instead, ...parts.slice(at + 1)].join('/') || '.',
    ),
  );
}
