import path from 'node:path';
import { toRecord } from '../readers/annotated/label-files';
import { asksForDefects, namesDefect, saysNothing } from '../readers/defect-words';
import { labelOfWord } from '../readers/label-words';
import { isImageName } from '../readers/tree';

/**
 * An image that a label file of no known format names. `isAgainst`: what it says there cannot be said of a normal
 * image; `isOfFile`: it is named by the file's own name alone; `number`: its label, 0 or 1, whatever they mean.
 */
export type Naming = { image: string; isAgainst: boolean; isOfFile?: boolean; number?: 0 | 1 };

/** Keys of what is marked on an image. */
const REGIONS =
  /^(objects?|annotations?|shapes?|regions?|b?box(es)?|polygons?|segmentations?|masks?|defects?|instances|features|geometr(y|ies)|coordinates)$/i;
const MASK = /^(mask|gt|ground_?truth)(_?(path|file|name))?$/i;
/** Longer text is no word for a class. */
const MOST_WORDS = 6;
/** Says what is looked for, not what is there. */
const ASKS = /[?？]|detect|inspect|check for/i;
/** Deeper values are those of some other thing. */
const MAX_DEPTH = 12;

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length < 4096 && isImageName(value.replace(/[?#].*$/s, ''));

/**
 * The images that a JSON value names, in records (`{"file": "a.png", "label": "bad"}`), as keys (`{"a.png": "bad"}`),
 * in lists under a class (`{"bad": ["a.png"]}`) or by the file's name (`a.png.json`, `a.json`).
 */
export function namingsOf(value: unknown, file: string): Naming[] {
  const found: Naming[] = [];
  visit(value, '', 0, found);
  const root = toRecord(value);
  if (root !== undefined && !found.some(({ isAgainst }) => isAgainst)) {
    found.push({ image: path.posix.parse(file).name, isAgainst: isAgainstNormal(root, '', 0), isOfFile: true });
  }
  return found;
}

function visit(value: unknown, key: string, depth: number, found: Naming[]): void {
  if (depth > MAX_DEPTH) {
    return;
  }
  if (Array.isArray(value)) {
    const list = value as unknown[];
    const isPair = list.length === 2 && isName(list[0]) && typeof list[1] === 'string' && !isName(list[1]);
    for (const entry of list) {
      if (isName(entry)) {
        found.push({ image: entry, isAgainst: isDefect(key) || (isPair && isAgainstNormal(list[1], '', depth)) });
      } else {
        visit(entry, key, depth + 1, found);
      }
    }
    return;
  }
  const entries = Object.entries(toRecord(value) ?? {});
  const [name] = entries.map(([, inner]) => inner).filter(isName);
  if (name !== undefined) {
    // A mask is named where there is something to be marked; an empty one is the exception.
    const isMasked = entries.some(([field, inner]) => MASK.test(field) && isName(inner) && inner !== name);
    const isAgainst =
      isMasked || isDefect(key) || entries.some(([field, inner]) => isAgainstNormal(inner, field, depth));
    const number = toRecord(value)?.['label'];
    found.push({ image: name, isAgainst, ...((number === 0 || number === 1) && { number }) });
  }
  for (const [field, inner] of entries) {
    if (isName(field)) {
      found.push({ image: field, isAgainst: isAgainstNormal(inner, '', depth) });
    }
    visit(inner, field, depth + 1, found);
  }
}

const isDefect = (word: string): boolean => labelOfWord(word) === 'anomalous' || namesDefect(word);

/**
 * True for what cannot be said of a normal image: a word for anomalous, the name of a defect, a count of defects, a
 * region.
 */
function isAgainstNormal(value: unknown, key: string, depth: number): boolean {
  if (typeof value === 'string') {
    const isWord = value.split(/\s+/).length <= MOST_WORDS && !isName(value) && !ASKS.test(value);
    const isNamed = asksForDefects(key) && value !== '' && labelOfWord(value) !== 'normal' && !saysNothing(value);
    return isWord && (isDefect(value) || (isNamed && !/^(false|f|n)$/i.test(value)));
  }
  if (value === true || (typeof value === 'number' && value > 0)) {
    return asksForDefects(key);
  }
  if (depth > MAX_DEPTH) {
    return false;
  }
  if (Array.isArray(value)) {
    const list = value as unknown[];
    const isMarked = REGIONS.test(key) && list.some((entry) => typeof entry === 'object' || typeof entry === 'number');
    return isMarked || list.some((entry) => isAgainstNormal(entry, key, depth + 1));
  }
  const entries = Object.entries(toRecord(value) ?? {});
  // What names an image of its own speaks of that one.
  return !entries.some(([, inner]) => isName(inner)) && entries.some(([k, v]) => isAgainstNormal(v, k, depth + 1));
}
