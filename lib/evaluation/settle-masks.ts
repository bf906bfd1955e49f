import type { DatasetItem, DatasetListing, ListingProblem } from '@/lib/datasets/readers/types';
import { loadMask } from './load-item';

/** Side of the grid on which masks are looked at; no region is lost on it. */
const SIDE = 64;

/**
 * A listing whose labels agree with its masks. Where masks alone label an image, one that marks something makes it
 * anomalous, an empty one normal. An image that is called normal and has a mask that marks something is left out, and
 * so is each whose deciding mask cannot be read; a problem says why. Only these masks are decoded.
 */
export async function settleMasks(listing: DatasetListing): Promise<DatasetListing> {
  const items: DatasetItem[] = [];
  const problems: ListingProblem[] = [];
  const unlabelled = [...listing.unlabelled];
  for (const item of listing.items) {
    const isOpen = item.isLabelledByMask === true;
    const isDecided = item.masks.length === 0 || (item.label === 1 && !isOpen);
    const found = isDecided ? undefined : await lookAt(item);
    if (found === undefined || (isOpen && found === 'marked')) {
      items.push(item);
    } else if (found === 'empty') {
      items.push(isOpen ? { ...item, label: 0, type: 'good', masks: [] } : item);
    } else {
      const reason = found === 'marked' ? 'its mask marks something' : 'its mask cannot be read or has another size';
      const message = isOpen
        ? `Masks label this set, but ${reason}: the image is left out.`
        : `The set says normal, but ${reason}: the image is left out.`;
      problems.push({ code: 'contradiction', where: item.id, message });
      unlabelled.push({ id: item.id, path: item.path, category: item.category, split: item.split });
    }
  }
  return { ...listing, items, unlabelled, problems: [...listing.problems, ...problems] };
}

/**
 * What an image's masks hold; undefined where the image itself cannot be read, which is reported when it is inspected.
 */
async function lookAt(item: DatasetItem): Promise<'marked' | 'empty' | 'unreadable' | undefined> {
  let loaded: Awaited<ReturnType<typeof loadMask>>;
  try {
    loaded = await loadMask(item, SIDE);
  } catch (error) {
    if (error instanceof Error) {
      return undefined;
    }
    throw error;
  }
  if (loaded === undefined || 'mask' in loaded) {
    return loaded === undefined ? 'empty' : 'marked';
  }
  return loaded.problem.code === 'empty_mask' ? 'empty' : 'unreadable';
}
