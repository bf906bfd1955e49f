import type { DatasetItem, DatasetListing, DatasetProblem } from '@/lib/datasets/readers/types';
import { loadMask } from './load-item';

/** Side of the grid on which the masks of normal images are looked at; no region is lost on it. */
const SIDE = 64;

/**
 * A listing without the images that are called normal and have a mask that marks something, or that cannot be read: they are unlabelled, and a problem says why. Only the masks of normal images are
 * decoded, which few sets have.
 */
export async function leaveOutMarked(listing: DatasetListing): Promise<DatasetListing> {
  const items: DatasetItem[] = [];
  const problems: DatasetProblem[] = [];
  const unlabelled = [...listing.unlabelled];
  for (const item of listing.items) {
    const reason = item.label === 0 && item.masks.length > 0 ? await whatItMarks(item) : null;
    if (reason === null) {
      items.push(item);
      continue;
    }
    const message = `The set says normal, but ${reason}: the image is left out.`;
    problems.push({ code: 'contradiction', where: item.id, message });
    unlabelled.push({ id: item.id, path: item.path, category: item.category, split: item.split });
  }
  return { ...listing, items, unlabelled, problems: [...listing.problems, ...problems] };
}

async function whatItMarks(item: DatasetItem): Promise<string | null> {
  let loaded: Awaited<ReturnType<typeof loadMask>>;
  try {
    loaded = await loadMask(item, SIDE);
  } catch (error) {
    if (error instanceof Error) {
      // The image itself cannot be read, which is told when it is inspected.
      return null;
    }
    throw error;
  }
  if (loaded === undefined || ('problem' in loaded && loaded.problem.code === 'empty_mask')) {
    return null;
  }
  return 'mask' in loaded ? 'its mask marks something' : 'its mask cannot be read or has another size';
}
