import type { Tokenizer } from '@/lib/language';
import type { MaskMeasure } from '@/lib/segmentation/describe';
import { clauseBefore, isNegated, placesMeant } from '@/lib/segmentation/statements';
import { singleTokens } from './single-tokens';

const ROWS = { upper: 'upper', top: 'upper', lower: 'lower', bottom: 'lower' } as const;
const CENTRES = ['centre', 'center', 'middle'] as const;
const SIDES = ['left', 'right'] as const;
/** What begins a place, and the first of its words so far: `at the centre right of the image`. */
const OPENING =
  /\b(?:in|at|near|around|towards?|to|on|is) the(?: (?:(?<row>upper|top|lower|bottom)|(?<centre>centre|center|middle)))?$/i;
/** What would make `the centre` the whole place. */
const ENDS = ['.', ',', ';', ':', ' of', ' and', ' in', ' on', ' with', ' as', '\n'];
/** They speak of more regions than one; the first three go with `no` where there is one. */
const MORE = [' other', ' others', ' further', ' several', ' multiple', ' both'];
const WORDS = [...SIDES, ...CENTRES];
const SINGLE = ' single';

type Row = keyof typeof ROWS;

/** Words that begin the name of a place, and whether it can go on to be one of `places`. */
function beginsPlace(word: string, places: readonly string[]): boolean {
  if (word in ROWS) {
    const isUpper = ROWS[word as Row] === 'upper';
    return places.some((place) => (isUpper ? /^(?:upper|top)/ : /^(?:lower|bottom)/).test(place));
  }
  return word === 'left' || word === 'right'
    ? places.some((place) => place.endsWith(word))
    : places.some((place) => place.startsWith('centre'));
}

/** `upper` + `left` is `upper left`, `upper` + `middle` is `top centre`. */
function rowPlace(row: Row, word: string): string {
  const isUpper = ROWS[row] === 'upper';
  const isSide = word === 'left' || word === 'right';
  return isSide ? `${isUpper ? 'upper' : 'lower'} ${word}` : `${isUpper ? 'top' : 'bottom'} centre`;
}

/**
 * Keeps what is said about a mask to what was measured on it, like VerdictGuard keeps verdict and mask together: a word
 * that would name another place or another number of regions cannot come next (docs/decisions/consistent-verdict.md).
 * The model chooses among the rest.
 */
export class StatementGuard {
  private said = '';
  private measure: MaskMeasure | undefined;

  /**
   * Token of every text that may be banned; a text that is no single token (none with the bundle's tokenizer) cannot
   * be.
   */
  private readonly tokens: ReadonlyMap<string, number>;

  constructor(tokenizer: Pick<Tokenizer, 'encode'>) {
    const words = [...Object.keys(ROWS), ...WORDS].map((word) => ` ${word}`);
    this.tokens = singleTokens(tokenizer, [...words, ...ENDS, ...MORE, SINGLE]);
  }

  /** From now on the text is about this mask. */
  measured(measure: MaskMeasure): void {
    this.measure = measure;
    this.said = '';
  }

  /** Takes note of shown text. */
  text(delta: string): void {
    this.said += delta;
  }

  /** Tokens that must not come next. */
  banned(): number[] {
    const { measure, said } = this;
    if (measure === undefined || measure.regions.length === 0) {
      return [];
    }
    const clause = clauseBefore(said, said.length);
    return [...wrongNumber(clause, measure.regions.length), ...wrongPlace(clause, measure)].flatMap(
      (text) => this.tokens.get(text) ?? [],
    );
  }
}

function wrongNumber(clause: string, count: number): readonly string[] {
  const deniesMore = /\bno$/i.test(clause);
  if (count === 1) {
    return deniesMore ? [] : MORE;
  }
  return [SINGLE, ...(deniesMore ? MORE.slice(0, 3) : [])];
}

function wrongPlace(clause: string, measure: MaskMeasure): string[] {
  const places: readonly string[] = placesMeant(clause, measure);
  const opening = OPENING.exec(clause);
  if (places.length === 0 || opening === null || isNegated(clause)) {
    return [];
  }
  const row = opening.groups?.['row']?.toLowerCase() as Row | undefined;
  if (row !== undefined) {
    return WORDS.filter((word) => !places.includes(rowPlace(row, word))).map((word) => ` ${word}`);
  }
  if (opening.groups?.['centre'] !== undefined) {
    const wrongSides = SIDES.filter((side) => !places.includes(`centre ${side}`)).map((side) => ` ${side}`);
    return [...wrongSides, ...(places.includes('centre') ? [] : ENDS)];
  }
  return [...Object.keys(ROWS), ...WORDS].filter((word) => !beginsPlace(word, places)).map((word) => ` ${word}`);
}
