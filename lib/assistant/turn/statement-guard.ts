import type { Tokenizer } from '@/lib/language';
import type { MaskMeasure, Place } from '@/lib/segmentation/describe';
import { clauseBefore, isNegated, placesMeant } from '@/lib/segmentation/statements';

const ROWS = { upper: 'upper', top: 'upper', lower: 'lower', bottom: 'lower' } as const;
const CENTRES = ['centre', 'center', 'middle'] as const;
const SIDES = ['left', 'right'] as const;
/** What begins a place: `at the centre right of the image`. */
const OPENING = /\b(?:in|at|near|around|towards?|to|on|is) the$/i;
const AFTER_ROW = /\b(?:in|at|near|around|towards?|to|on|is) the (upper|top|lower|bottom)$/i;
const AFTER_CENTRE = /\b(?:in|at|near|around|towards?|to|on|is) the (?:centre|center|middle)$/i;
/** What would make `the centre` the whole place. */
const ENDS = ['.', ',', ';', ':', ' of', ' and', ' in', ' on', ' with', ' as', '\n'];
/** They speak of more regions than one. */
const MORE = ['other', 'others', 'several', 'multiple', 'both'];

type Row = keyof typeof ROWS;

/** Words that begin the name of a place, and whether it can go on to be one of `places`. */
function beginsPlace(word: string, places: readonly Place[]): boolean {
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
 * Keeps what is said about a mask to what was measured on it, like VerdictGuard keeps verdict and mask together: a word that would name
 * another place or another number of regions cannot come next (docs/decisions/consistent-verdict.md). The model chooses among the rest.
 */
export class StatementGuard {
  private said = '';
  private measure: MaskMeasure | undefined;

  constructor(private readonly tokenizer: Pick<Tokenizer, 'encode'>) {}

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
    return this.tokensOf([...wrongNumber(clause, measure.regions.length), ...wrongPlace(clause, measure)]);
  }

  /** The texts that are one token; the vocabulary has every word above, so none is lost with the bundle's tokenizer. */
  private tokensOf(texts: readonly string[]): number[] {
    return texts.flatMap((text) => {
      const ids = this.tokenizer.encode(text);
      return ids.length === 1 ? ids : [];
    });
  }
}

function wrongNumber(clause: string, count: number): string[] {
  const deniesMore = /\bno$/i.test(clause);
  if (count === 1) {
    return deniesMore ? [] : MORE.map((word) => ` ${word}`);
  }
  return [' single', ...(deniesMore ? [' other', ' others', ' further'] : [])];
}

function wrongPlace(clause: string, measure: MaskMeasure): string[] {
  const places = placesMeant(clause, measure);
  if (places.length === 0 || isNegated(clause)) {
    return [];
  }
  const words = [...SIDES, ...CENTRES];
  if (OPENING.test(clause)) {
    return [...Object.keys(ROWS), ...words].filter((word) => !beginsPlace(word, places)).map((word) => ` ${word}`);
  }
  const named: readonly string[] = places;
  const row = AFTER_ROW.exec(clause)?.[1]?.toLowerCase() as Row | undefined;
  if (row !== undefined) {
    return words.filter((word) => !named.includes(rowPlace(row, word))).map((word) => ` ${word}`);
  }
  if (AFTER_CENTRE.test(clause)) {
    const wrongSides = SIDES.filter((side) => !named.includes(`centre ${side}`)).map((side) => ` ${side}`);
    return [...wrongSides, ...(named.includes('centre') ? [] : ENDS)];
  }
  return [];
}
