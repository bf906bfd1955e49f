import type { StoredImage } from '@/lib/images/image-source';
import type { DatasetItem, DatasetListing } from '@/lib/datasets/readers/types';
import { MAX_REFERENCES } from '@/lib/anomaly/scorer';
import { withOwner } from './local-owner';
import { UsageError } from './usage-error';

/** Where the file of a stored image is, and how it is to be read. */
async function storedFile(image: StoredImage): Promise<Pick<DatasetItem, 'path' | 'window'>> {
  const { windowOf } = await import('@/lib/images/image-source');
  const { blobs } = await import('@/lib/storage');
  return { path: await blobs().localPath(image.sha256), window: windowOf(image) };
}

/**
 * A data set whose normal training images are the good samples of a part, in every category, so that its test images
 * are compared with them.
 * @returns the set, and how many samples there are: at most 16, evenly spread over them
 * @throws AppError not_found; UsageError for a part without good samples
 */
export async function withPartReferences(
  listing: DatasetListing,
  name: string,
): Promise<{ listing: DatasetListing; shots: number }> {
  const files = await withOwner(async (owner) => {
    const { requirePartNamed } = await import('@/lib/parts/manage');
    const { readPart } = await import('@/lib/database/parts');
    const { id } = await requirePartNamed(owner, name);
    const golden = ((await readPart(id))?.samples ?? []).filter(({ kind }) => kind === 'golden');
    const count = Math.min(MAX_REFERENCES, golden.length);
    const chosen = Array.from({ length: count }, (_, at) => golden[Math.floor((at * golden.length) / count)]);
    return Promise.all(chosen.flatMap((each) => (each === undefined ? [] : storedFile(each.image))));
  });
  if (files.length === 0) {
    throw new UsageError(
      `The part ${name} has no good sample yet: looktwice part add ${JSON.stringify(name)} IMAGE...`,
    );
  }
  const categories = [...new Set(listing.items.map(({ category }) => category))];
  const references = categories.flatMap((category) =>
    files.map((file, index): DatasetItem => ({
      ...{ id: `part/${category}/${index}`, ...file, category, split: 'train', type: 'good', label: 0, masks: [] },
    })),
  );
  const others = listing.items.filter(({ split, label }) => !(split === 'train' && label === 0));
  return { listing: { ...listing, items: [...others, ...references] }, shots: files.length };
}
