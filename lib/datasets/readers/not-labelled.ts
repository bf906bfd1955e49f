import path from 'node:path';
import { someNamed } from './some-named';

/** A sentence per folder about the images that nothing labels, in the order in which the folders come. */
export function tellNotLabelled(images: readonly string[]): { place: string; message: string }[] {
  const folders = new Map<string, string[]>();
  for (const image of images) {
    const folder = path.posix.dirname(image);
    const before = folders.get(folder);
    if (before === undefined) {
      folders.set(folder, [image]);
    } else {
      before.push(image);
    }
  }
  return [...folders].map(([place, places]) => {
    const names = places.map((each) => path.posix.basename(each));
    const what = someNamed(names, 'image without any label', 'images without any label');
    return { place, message: `${what}: unlabelled.` };
  });
}
