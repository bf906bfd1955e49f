import { isImageName } from '../readers/tree';

/** Longer text is no name of a file. */
const MAX_NAME = 1000;

type Open = { isList: boolean; hasNames: boolean };

/**
 * True for JSON text that ends in the middle of what names images, as files do whose download or disk ended early:
 * further names may be lost. COCO that is cut off in its annotations has listed all its images before. Takes time
 * linear in the text's length.
 */
export function losesNames(text: string): boolean {
  const open: Open[] = [];
  let start = -1;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (start !== -1) {
      if (sign === '\\') {
        at += 1;
      } else if (sign === '"') {
        if (at - start < MAX_NAME && isImageName(text.slice(start, at))) {
          tellName(open);
        }
        start = -1;
      }
    } else if (sign === '"') {
      start = at + 1;
    } else if (sign === '{' || sign === '[') {
      open.push({ isList: sign === '[', hasNames: false });
    } else if (sign === '}' || sign === ']') {
      open.pop();
    }
  }
  return open.some(({ hasNames }) => hasNames);
}

/** A name belongs to its record, and to the list in which that is. */
function tellName(open: Open[]): void {
  for (let at = open.length - 1; at >= 0; at -= 1) {
    const inner = open[at];
    if (inner === undefined || (inner.hasNames && inner.isList)) {
      return;
    }
    inner.hasNames = true;
    if (inner.isList) {
      return;
    }
  }
}
