import { clipBox } from './clip';
import type { ExportItem } from './types';

/** Where an item belongs in formats whose tools train on one part of a set and measure on another. */
export type TrainingSplit = 'train' | 'val' | 'test';

export type LeftOut = { path: string; reason: string };

/** The items that may be written where trainers read, clipped to their images; the others go to `onLeftOut`. */
export async function* trainable(
  items: AsyncIterable<ExportItem>,
  onLeftOut: (left: LeftOut) => void,
): AsyncGenerator<ExportItem> {
  for await (const given of items) {
    const item = clipParts(given);
    const reason = whyLeftOut(item);
    if (reason === undefined) {
      yield item;
    } else {
      onLeftOut({ path: item.path, reason });
    }
  }
}

/**
 * Why an item would teach a wrong thing in a format where an image without annotations says that nothing is there;
 * undefined: it may be written. Its parts are clipped to the image first (`clipParts`).
 */
function whyLeftOut({ fields, parts }: ExportItem): string | undefined {
  if (fields.label === 'unlabelled') {
    return 'not labelled yet';
  }
  return fields.label === 'anomalous' && parts.length === 0 ? 'anomalous, but no mask or box says where' : undefined;
}

/** The item with its boxes inside the image; one that lies outside altogether is left away. */
function clipParts(item: ExportItem): ExportItem {
  const parts = item.parts.flatMap((part) => {
    const bbox = part.shape === 'box' ? clipBox(part.bbox, item) : part.bbox;
    return bbox === undefined ? [] : [{ ...part, bbox }];
  });
  return { ...item, parts };
}

/** The split that a set gives an item; validation goes by several names, and what is no training is held out. */
function splitOf({ fields: { split } }: ExportItem): TrainingSplit {
  if (split === null || /^train/i.test(split)) {
    return 'train';
  }
  return /^(val|dev)/i.test(split) ? 'val' : 'test';
}

/**
 * Of a set that is not parted, every fifth image by its content, so that the same image always falls on the same side.
 */
const isHeldOut = ({ sha256 }: ExportItem): boolean => Number.parseInt(sha256.slice(0, 8), 16) % 5 === 0;

/**
 * The items by their splits. A set that holds nothing out, or has nothing to train on (folders of good and bad are all
 * test), gets a validation part of about a fifth, at least one image of two or more, and the rest is trained on:
 * otherwise trainers would measure on what they were trained on, or refuse the set.
 * @returns `drawn`: the validation part was drawn here
 */
export function bySplit<Item extends ExportItem>(
  items: readonly Item[],
): { splits: Record<TrainingSplit, Item[]>; drawn: boolean } {
  const splits: Record<TrainingSplit, Item[]> = { train: [], val: [], test: [] };
  items.forEach((item) => splits[splitOf(item)].push(item));
  const isParted = splits.train.length > 0 && splits.val.length + splits.test.length > 0;
  if (isParted || items.length < 2) {
    return { splits, drawn: false };
  }
  const drawn = items.filter(isHeldOut);
  const held = new Set(drawn.length > 0 && drawn.length < items.length ? drawn : items.slice(-1));
  return {
    splits: { train: items.filter((item) => !held.has(item)), val: items.filter((item) => held.has(item)), test: [] },
    drawn: true,
  };
}

/** The file that lists what an export left out. */
export const LEFT_OUT_FILE = 'left-out.txt';

/** One line per item: path, tab, reason. */
export const leftOutText = (items: readonly LeftOut[]): string =>
  items.map(({ path, reason }) => `${path.replace(/[\u0000-\u001f]/g, ' ')}\t${reason}\n`).join('');
