import path from 'node:path';
import { isMaskFolder, labelOfWord } from '../label-words';
import { isImageName } from '../set-asides';
import { DEFECT_KINDS } from '../defect-words';
import { toNumber } from '../numbers';
import { type Aside, asideOf } from './table-asides';

/** A column, and what its head calls it. */
export type NamedColumn = { column: number; name: string };

/** What the columns of a table say, by their number. */
export type Columns = {
  image: number;
  /** Columns of yes or no, with what "yes" says. */
  verdicts: readonly { column: number; name: string; yes: 'anomalous' | 'normal' }[];
  /** The column of a class or of words such as OK and NG. */
  classes: NamedColumn | undefined;
  /** Further columns of classes or words. */
  others: readonly NamedColumn[];
  /** Columns that name the kind of a defect, and are empty or say "none" without one. */
  named: readonly NamedColumn[];
  /** A column for each kind of defect, with yes or no. */
  kinds: readonly NamedColumn[];
  /** Columns that can speak against "normal" and label nothing. */
  asides: readonly Aside[];
  /** Four columns: two corners, or a corner or the centre with width and height. */
  box: { columns: readonly [number, number, number, number]; form: 'corners' | 'lengths' | 'centre' } | undefined;
  /** The column of a list [x, y, width, height]. */
  boxList: number | undefined;
  /** The column of Kaggle's run lengths. */
  runs: number | undefined;
  /** VGG Image Annotator's shapes and their attributes. */
  via:
    { shape: number; attributes: number | undefined; file: number | undefined; count: number | undefined } | undefined;
  size: readonly [number, number] | undefined;
  mask: number | undefined;
  type: number | undefined;
  split: number | undefined;
  category: number | undefined;
};

const IMAGE =
  /^(image|img|file|picture|image ?(id|name|path|file)|img ?(id|name|path)|file ?(name|path)|path|name|id|bild|datei(name)?|图片|图像|文件名?|画像|ファイル名)$/;
const SAYS_ANOMALOUS =
  /^(is |has )?(a )?(anomal(y|ous)|abnormal|defect(ive|s)?|fault(y)?|ng|nok|bad|fail(ed|ure)?|damage(d)?|reject(ed)?|fehler(haft)?|defekt|缺陷|异常|異常|不良|label index)$/;
const SAYS_NORMAL = /^(is )?(good|ok|normal|pass(ed)?|healthy|accept(ed)?|gut|in ordnung|io|合格|良品|正常)$/;
const CLASSES =
  /^(labels?|label ?name|class|classes|class ?name|target|result|verdict|status|state|quality|grade|judge?ment|annotation|tags?|标签|类别|结果|判定|ラベル|klasse|ergebnis|befund|defect ?(type|class|name)|anomaly ?(type|class))$/;
const TYPE = /^(type|defect ?(type|class|name)|anomaly ?(type|class))$/;
const NAMES_DEFECT =
  /^(defect|anomaly|fault|damage) ?(types?|class|classes|name|kind|category|label)$|^(缺陷|异常)(类型|类别|名称)$|^fehler ?(art|typ)$/;
/** Kinds of defects that can be the name of a column of yes or no, which says more than the same word elsewhere. */
const KIND_NAME = new RegExp(`^((is|has) )?(?:${DEFECT_KINDS}|tears?|missing( parts?)?|bubbles?|porosity)$`, 'iu');

const CENTRE_X = /^(bbox |box )?(x ?(cent(er|re)|c|mid)|(cent(er|re)|c|mid) ?x)$/;
const CENTRE_Y = /^(bbox |box )?(y ?(cent(er|re)|c|mid)|(cent(er|re)|c|mid) ?y)$/;

const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .replace(/[_\s-]+/g, ' ')
    .trim();

/** True for the name of a column of images. */
export const namesImages = (name: string): boolean => IMAGE.test(plain(name));

/** What "yes" says in a column or an attribute of this name; undefined for names that ask nothing. */
export function verdictOfName(name: string): 'anomalous' | 'normal' | undefined {
  const words = plain(name);
  return SAYS_ANOMALOUS.test(words) ? 'anomalous' : SAYS_NORMAL.test(words) ? 'normal' : undefined;
}

/**
 * The columns of a table with a head.
 * @param isImage tells a column that names images of the set
 * @param isOneHot every column that is nothing else is a class, as in Roboflow's `_classes.csv`
 * @returns undefined where no column does
 */
export function columnsOf(
  head: readonly string[],
  isImage: (column: number) => boolean,
  isOneHot = false,
): Columns | undefined {
  const names = head.map(plain);
  const at = (fits: RegExp) => {
    const found = names.findIndex((name) => fits.test(name));
    return found === -1 ? undefined : found;
  };
  const four = (...fits: readonly [RegExp, RegExp, RegExp, RegExp]) => {
    const [a, b, c, d] = fits.map(at);
    return a === undefined || b === undefined || c === undefined || d === undefined
      ? undefined
      : ([a, b, c, d] as const);
  };
  const image = names.findIndex((name, column) => IMAGE.test(name) && isImage(column));
  const other = image === -1 ? names.findIndex((_, column) => isImage(column)) : image;
  if (other === -1) {
    return undefined;
  }
  const corners =
    four(/^x ?min$/, /^y ?min$/, /^x ?max$/, /^y ?max$/) ??
    four(/^x1$/, /^y1$/, /^x2$/, /^y2$/) ??
    four(/^left$/, /^top$/, /^right$/, /^bottom$/);
  // Where `w` and `h` stand beside them, `width` and `height` are the image's.
  const lengths =
    four(/^(bbox )?(x|left)$/, /^(bbox )?(y|top)$/, /^(bbox )?w$|^bbox width$/, /^(bbox )?h$|^bbox height$/) ??
    four(/^(bbox )?(x|left)$/, /^(bbox )?(y|top)$/, /^(w|width)$/, /^(h|height)$/);
  const [width, height] = [at(/^(image |img )?width$/), at(/^(image |img )?height$/)];
  const centre = four(CENTRE_X, CENTRE_Y, /^(bbox |box )?(w|width)$/, /^(bbox |box )?(h|height)$/);
  const box =
    corners !== undefined
      ? { columns: corners, form: 'corners' as const }
      : lengths !== undefined
        ? { columns: lengths, form: 'lengths' as const }
        : centre && { columns: centre, form: 'centre' as const };
  const isOfBox = (column: number | undefined) => column === undefined || box?.columns.includes(column) === true;
  const shape = at(/^region shape attributes$/);
  const runs = at(/^(encoded ?pixels|rle|rle ?mask|mask ?rle)$/);
  // A number of a class names what run lengths mark, and nothing else.
  const isClass = (name: string) => CLASSES.test(name) || (runs !== undefined && /^class ?id$/.test(name));
  const classes = names.findIndex((name, column) => isClass(name) && column !== other);
  const type = at(TYPE);
  const every = (fits: (name: string) => boolean): NamedColumn[] =>
    names.flatMap((name, column) => (fits(name) && column !== other ? [{ column, name: head[column] ?? '' }] : []));
  return {
    image: other,
    verdicts: names.flatMap((name, column) => {
      const yes = verdictOfName(name);
      return yes === undefined || column === other ? [] : [{ column, name: head[column] ?? '', yes }];
    }),
    classes: classes === -1 ? undefined : { column: classes, name: head[classes] ?? '' },
    others: every((name) => CLASSES.test(name) && !NAMES_DEFECT.test(name)).filter(({ column }) => column !== classes),
    named: every((name) => NAMES_DEFECT.test(name)),
    kinds: every((name) =>
      isOneHot ? verdictOfName(name) === undefined && !CLASSES.test(name) : KIND_NAME.test(name),
    ),
    asides: names.flatMap((name, column) => {
      const holds = asideOf(name);
      return holds === undefined || column === other ? [] : [{ column, name: head[column] ?? '', holds }];
    }),
    box,
    runs,
    boxList: at(/^(bbox|box|bounding ?box)$/),
    via:
      shape === undefined
        ? undefined
        : {
            shape,
            attributes: at(/^region attributes$/),
            file: at(/^file attributes$/),
            count: at(/^region count$/),
          },
    size:
      width === undefined || height === undefined || isOfBox(width) || isOfBox(height) ? undefined : [width, height],
    mask: at(/^(mask|gt|ground ?truth)( ?(path|file|name))?$/),
    type: type === classes ? undefined : type,
    split: at(/^(split|set|subset|fold|partition)$/),
    category: at(/^(category|object|product|part|produkt)$/),
  };
}

/**
 * The columns of a table without a head: an image and a class; or, as detectors take it, an image, two corners and a
 * class.
 */
export function headlessColumns(cells: readonly string[], image: number): Columns {
  const vertices = verticesOf(cells, image);
  const rest = cells.map((_, column) => column).filter((column) => column !== image);
  const [a = -1, b = -1, c = -1, d = -1, last] = rest;
  const isMasked = rest.length === 1 && isMaskOf(cells[a] ?? '', cells[image] ?? '');
  const isBox = rest.length >= 5 && [a, b, c, d].every((column) => toNumber(cells[column] || 0) !== undefined);
  const column =
    vertices !== undefined
      ? image + 1
      : isBox
        ? last
        : (rest.find((index) => labelOfWord(cells[index] ?? '') !== undefined) ?? rest[0]);
  return {
    image,
    verdicts: [],
    classes: column === undefined || isMasked ? undefined : { column, name: `column ${column + 1}` },
    box: vertices ?? (isBox ? { columns: [a, b, c, d], form: 'corners' } : undefined),
    ...{
      others: [],
      named: [],
      kinds: [],
      asides: [],
      boxList: undefined,
      runs: undefined,
      via: undefined,
      size: undefined,
      mask: isMasked ? a : undefined,
      type: undefined,
    },
    ...{ split: vertices !== undefined && image > 0 ? image - 1 : undefined, category: undefined },
  };
}

/**
 * True for a picture that is called as its image is, or lies in a folder of masks, as lists of segmentation sets name
 * them in pairs.
 */
function isMaskOf(name: string, image: string): boolean {
  const stemOf = (file: string) => path.posix.parse(file.toLowerCase()).name.replace(/[_-](mask|gt|label|seg)$/, '');
  const isInFolder = path.posix.dirname(name).split('/').some(isMaskFolder);
  return isImageName(name) && name !== image && (stemOf(name) === stemOf(image) || isInFolder);
}

/**
 * Google AutoML's rows: perhaps a set, the image, a class, and four corners of a box as x and y, of which the first and
 * the third are always there.
 */
function verticesOf(cells: readonly string[], image: number): Columns['box'] {
  const numbers = cells.slice(image + 2);
  const isVertex = numbers.every((cell) => cell === '' || toNumber(cell) !== undefined);
  const at = (offset: number) => image + 2 + offset;
  return numbers.length === 8 && isVertex ? { columns: [at(0), at(1), at(4), at(5)], form: 'corners' } : undefined;
}

const YES = /^(1(\.0*)?|true|t|yes|y|ja|j|x|wahr|vrai|oui|是|有|はい|✓|✔)$/i;
const NO = /^(0(\.0*)?|false|f|no|n|nein|falsch|faux|non|否|无|無|いいえ|-)$/i;

/** What a cell of yes or no says; undefined for anything else. */
export function isYes(cell: string): boolean | undefined {
  const text = cell.trim();
  return YES.test(text) ? true : NO.test(text) ? false : undefined;
}
