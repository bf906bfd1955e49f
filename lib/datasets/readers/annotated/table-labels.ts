import { annotationLimits, type Label } from '../../contract';
import { namesDefect } from '../defect-words';
import { isOpenWord, labelOfWord } from '../label-words';
import { toNumber } from '../numbers';
import { saysDefect } from './answer-words';
import { type Columns, isYes, type NamedColumn } from './table-columns';

/**
 * What the columns of words say about a row's image. `doubt`: why nobody can tell; `isVague`: since its words may be
 * about something else.
 */
export type Stated = { label?: Label; className?: string; doubt?: string; isVague?: true };
/** Where a table's words come from. `tellOnce` reports what holds for many rows. */
export type Words = {
  file: string;
  columns: Columns;
  classes: ReadonlySet<string>;
  tellOnce: (code: string, message: string) => void;
};

const NONE = /^(none|no|nil|null|nan|na|n\/a|-+|0|keine?r?|kein fehler|无|無|なし)$/i;
/** Words with which people leave the verdict open, besides those that folders have. */
const OPEN =
  /^(not sure|tbd|pending|skip(ped)?|ignored?|\?+|null|nan|n\/a|不确定|未标注|未知|unklar|unbekannt|offen|不明|保留)$/i;

const isOpen = (word: string): boolean => isOpenWord(word) || OPEN.test(word);

/** What a cell of a column of yes or no says. */
export function verdictOf(
  cell: string,
  { yes, name }: Columns['verdicts'][number],
  doubt: (reason: string) => void,
): Label[] {
  if (cell === '') {
    return [];
  }
  const other = yes === 'normal' ? 'anomalous' : 'normal';
  const said = isYes(cell);
  const word = labelOfWord(cell) ?? (yes === 'anomalous' ? wordOfDefect(cell) : undefined);
  if (said === undefined && word === undefined) {
    doubt(`"${cell.slice(0, 40)}" in the column ${name} is neither yes nor no`);
    return [];
  }
  return [word ?? (said === true ? yes : other)];
}

/** What a cell says under a heading such as "defect": the name or the number of defects, or none. */
function wordOfDefect(cell: string): 'normal' | 'anomalous' | undefined {
  const count = toNumber(cell);
  const isCount = count !== undefined && Number.isInteger(count) && count > 1;
  return NONE.test(cell) ? 'normal' : isCount || namesDefect(cell) ? 'anomalous' : undefined;
}

const cellOf = (cells: readonly string[], { column }: NamedColumn): string => (cells[column] ?? '').trim();

/** The kinds of defects whose columns of yes or no say that there is one. */
export function kindsOf(cells: readonly string[], { kinds }: Columns): string[] {
  const isSet = (cell: string) => isYes(cell) === true || (toNumber(cell) ?? 0) >= 1;
  return kinds.filter((each) => isSet(cellOf(cells, each))).map(({ name }) => cut(name));
}

/** The defects that a row names in words: in columns of their kind, and by a word of defects in others. */
export function defectsOf(cells: readonly string[], { named, others }: Columns): string[] {
  const isKind = (word: string) =>
    word !== '' && !NONE.test(word) && !isOpen(word) && labelOfWord(word) !== 'normal' && !isCode(word);
  const words = [named, others].map((columns) => columns.map((each) => cellOf(cells, each)).filter(isKind));
  const [kinds = [], rest = []] = words;
  // A second column of words that says "NG" names no kind, but speaks against a first that says OK.
  return [...kinds, ...rest.filter((word) => saysDefect(word) || labelOfWord(word) === 'anomalous')].map(cut);
}

const cut = (word: string): string => word.slice(0, annotationLimits.typeLength);

/** A number or a yes or no names nothing. */
const isCode = (word: string): boolean => toNumber(word) !== undefined || isYes(word) !== undefined;

/**
 * What a word in the column of classes says. A class that is no such word names a defect where the column has such
 * words, or says that it is about defects.
 */
export function classOf(word: string, { file, columns, classes, tellOnce }: Words, isSaid: boolean): Stated {
  const name = columns.classes?.name ?? '';
  const label = labelOfWord(word);
  if (word === '' || columns.classes === undefined) {
    return {};
  }
  if (label !== undefined) {
    return { label };
  }
  if (isOpen(word)) {
    tellOnce('unknown_choice', `"${word}" in the column ${name} leaves its images unlabelled.`);
    return { doubt: `"${word}" in the column ${name} of ${file} is no verdict` };
  }
  if (isCode(word)) {
    if (isSaid) {
      return {};
    }
    const message = `The column ${name} has numbers, which can mean normal or anomalous: call the column is_good or is_anomalous, or write the words.`;
    tellOnce('unknown_choice', message);
    return { doubt: `the column ${name} of ${file} has numbers that can mean either`, isVague: true };
  }
  const hasNormal = [...classes].some((other) => labelOfWord(other) === 'normal');
  if (isSaid) {
    return hasNormal || saysDefect(word) ? { label: 'anomalous' } : {};
  }
  if (hasNormal || /defect|anomal|缺陷|fehler/i.test(name)) {
    return { className: cut(word) };
  }
  tellOnce(
    'unknown_choice',
    `The words in the column ${name}, such as "${word.slice(0, 40)}", say neither normal nor anomalous.`,
  );
  return { doubt: `the column ${name} of ${file} says neither normal nor anomalous`, isVague: true };
}

/**
 * The columns with the one chosen as that of classes whose words are verdicts: `class,label` with "bottle,NG" has the
 * product first, `label,verdict` with "1,NG" a number. Only where each word of the later column is a verdict, and none
 * of the first is one or names a defect.
 */
export function chooseClasses(columns: Columns, rows: readonly (readonly string[])[]): Columns {
  const { classes, others } = columns;
  const wordsOf = ({ column }: NamedColumn) => [...new Set(rows.flatMap((cells) => cells[column] || []))];
  if (classes === undefined) {
    return columns;
  }
  const first = wordsOf(classes);
  const isProduct = /^class/i.test(classes.name) || first.length === 1;
  const areCodes = first.length > 0 && first.every((word) => toNumber(word) !== undefined);
  const areNames =
    isProduct && !first.some((word) => labelOfWord(word) !== undefined || isCode(word) || saysDefect(word));
  const verdicts = others.find((other) => {
    const words = wordsOf(other);
    return words.length > 0 && words.every((word) => labelOfWord(word) !== undefined || isOpen(word));
  });
  return verdicts === undefined || !(areCodes || areNames)
    ? columns
    : { ...columns, classes: verdicts, others: [classes, ...others.filter((other) => other !== verdicts)] };
}
