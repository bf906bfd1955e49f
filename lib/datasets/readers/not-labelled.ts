import path from 'node:path';

/** "3 images without any label (a.png, b.png, c.png): unlabelled." */
function describe(places: readonly string[]): string {
  const names = places.slice(0, 3).map((place) => path.posix.basename(place));
  const more = places.length > names.length ? ', …' : '';
  const what = places.length === 1 ? 'image' : 'images';
  return `${places.length} ${what} without any label (${names.join(', ')}${more}): unlabelled.`;
}

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
  return [...folders].map(([place, places]) => ({ place, message: describe(places) }));
}
