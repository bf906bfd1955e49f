import type { ImportItem } from '../../import/types';

/**
 * How sure one format's label of an image is. `open`: nobody said anything; `vague`: its words may be about something
 * else; `doubted`: an annotation cannot be read, or leaves the verdict open; `contradicted`: its files say both; `own`:
 * it comes from an export of ours; `unmarked`: normal for want of a mark alone; `said`: anything else.
 */
export type Standing = 'open' | 'vague' | 'doubted' | 'contradicted' | 'own' | 'unmarked' | 'said';

/** An image as the label files of one format have it. */
export type Joined = { item: ImportItem; standing: Standing };

/**
 * What the label files of two formats together say of one image.
 *
 * @param own the format that was read first; undefined where it does not name the image
 * @returns the image as it changes, `contradiction` where one says normal and the other anomalous, `unmarked` where the
 *   other leaves an anomalous image without a mark, `doubt` where the other cannot be read, undefined where all stays
 *   as the first has it
 */
export function joinFormats(
  own: Joined | undefined,
  other: Joined,
): ImportItem | 'contradiction' | 'unmarked' | 'doubt' | undefined {
  const { item } = other;
  if (own === undefined) {
    return other.standing === 'open' ? undefined : item;
  }
  if (own.item.label === 'normal') {
    const isDoubted =
      item.label === 'unlabelled' && (other.standing === 'doubted' || other.standing === 'contradicted');
    return item.label === 'anomalous' ? 'contradiction' : isDoubted && own.standing !== 'own' ? 'doubt' : undefined;
  }
  const isMarked = item.shapes.length + item.masks.length > 0;
  if (own.item.label === 'anomalous') {
    if (item.label === 'normal' && own.standing !== 'own') {
      return other.standing === 'unmarked' ? 'unmarked' : 'contradiction';
    }
    const isUnmarked = own.item.shapes.length + own.item.masks.length === 0 && own.standing !== 'own';
    return item.label === 'anomalous' && isMarked && isUnmarked ? withWordsOf(own.item, item) : undefined;
  }
  // What cannot be read is not normal for that, but it is anomalous if another file shows why.
  const isTaken =
    own.standing === 'open' || own.standing === 'vague' || (own.standing === 'doubted' && item.label === 'anomalous');
  return isTaken && item.label !== 'unlabelled' ? withWordsOf(own.item, item) : undefined;
}

/** Label, regions and size of one, with what the other says in words. */
function withWordsOf({ text, exchanges, split, category, defectType }: ImportItem, item: ImportItem): ImportItem {
  return {
    ...item,
    split: split ?? item.split,
    category: category ?? item.category,
    defectType: defectType ?? item.defectType,
    text: { ...item.text, ...text },
    exchanges: exchanges.length > 0 ? exchanges : item.exchanges,
  };
}
