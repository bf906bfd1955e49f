import type { MaskMeasure, Place } from './describe';

/** One checkable statement of an answer, with the words it was read from. */
export type Statement = { kind: 'place' | 'extent' | 'size' | 'number'; text: string; agrees: boolean };

const NUMBERS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'.split(' ');
const CENTRE = '(?:centre|center|middle)';
const PLACE = new RegExp(
  `\\b(?:(?<row>upper|top|lower|bottom)[ -](?<side>left|right)` +
    `|(?<edge>upper|top|lower|bottom)[ -]${CENTRE}` +
    `|${CENTRE}[ -](?<after>left|right)` +
    `|(?<before>left|right)[ -]${CENTRE}` +
    `|(?:in|at|near|around|towards?|to|on|is) the (?<centre>${CENTRE})(?![ -](?:left|right)\\b)` +
    `|(?<half>left|right|upper|lower|top|bottom)(?:-hand)? (?:side|half|third))\\b`,
  'gi',
);
const EXTENT = /\b(\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b)/gi;
const SIZE = /\b(\d+) ?(?:x|×|by) ?(\d+) ?(?:px|pixels?)\b/gi;
const MODIFIER =
  '(?:other|further|more|additional|smaller|remaining|separate|distinct|individual|marked|suspicious' +
  '|anomalous|defective|affected|visible|connected|isolated)';
const NOUN = '(?:regions?|areas?|spots?|zones?|places?|locations?|defects?|anomal(?:y|ies)|flaws?)';
const NUMBER = new RegExp(
  `\\b(?<other>(?:the |with )?other )?(?<number>\\d+|${NUMBERS.join('|')}|a single|both|several|multiple|no other|no further|the only)` +
    ` (?<modifiers>(?:${MODIFIER} )*)${NOUN}\\b`,
  'gi',
);
const REST = /\b(?:others?|further|rest|remaining|another|second|third|smaller)\b/i;
const LARGEST = /\b(?:largest|biggest|main)\b/i;
const NEGATION = /\b(?:no|not|nothing|none|without|free of|neither|n't)\b|n't\b/i;
const CLAUSE = /[.;:!?,](?!\d)|\bbut\b|\bwhile\b|\brather\b/gi;

/** The words of the clause in which `end` lies, up to it. */
export function clauseBefore(text: string, end: number): string {
  let start = 0;
  for (const match of text.slice(0, end).matchAll(CLAUSE)) {
    start = match.index + match[0].length;
  }
  return text.slice(start, end);
}

/** Whether a clause denies what it goes on to say. */
export const isNegated = (clause: string): boolean => NEGATION.test(clause);

/** The places that a clause may name: `largest` means the first region, `other` all but the first. */
export function placesMeant(clause: string, { regions }: MaskMeasure): Place[] {
  const places = regions.map(({ place }) => place);
  if (LARGEST.test(clause)) {
    return places.slice(0, 1);
  }
  return REST.test(clause) ? places.slice(1) : places;
}

function inHalf(place: string, half: string): boolean {
  if (half === 'left' || half === 'right') {
    return place.endsWith(half);
  }
  const starts = half === 'upper' || half === 'top' ? ['upper', 'top'] : ['lower', 'bottom'];
  return starts.some((start) => place.startsWith(start));
}

/** The vocabulary's name of a place that was matched in other words (`top left`, `left centre`, `middle`). */
function placeName(groups: Record<string, string | undefined>): string {
  const isUpper = (word: string) => word === 'upper' || word === 'top';
  if (groups['row'] !== undefined) {
    return `${isUpper(groups['row']) ? 'upper' : 'lower'} ${groups['side'] ?? ''}`;
  }
  if (groups['edge'] !== undefined) {
    return isUpper(groups['edge']) ? 'top centre' : 'bottom centre';
  }
  const side = groups['after'] ?? groups['before'];
  return side === undefined ? 'centre' : `centre ${side}`;
}

function placeAgrees(match: RegExpExecArray, before: string, measure: MaskMeasure): boolean {
  const groups = Object.fromEntries(
    Object.entries(match.groups ?? {}).map(([key, word]) => [key, word?.toLowerCase()]),
  );
  const places: string[] = placesMeant(before, measure);
  const half = groups['half'];
  const found = half === undefined ? places.includes(placeName(groups)) : places.some((place) => inHalf(place, half));
  return found !== isNegated(before);
}

function numberAgrees(match: RegExpExecArray, before: string, { regions }: MaskMeasure): boolean {
  const word = match.groups?.['number']?.toLowerCase() ?? '';
  const isRest =
    match.groups?.['other'] !== undefined ||
    /other|further|more|additional|smaller|remaining/i.test(match.groups?.['modifiers'] ?? '');
  const available = regions.length - (isRest ? 1 : 0);
  if (word === 'no other' || word === 'no further' || word === 'the only') {
    return regions.length === 1;
  }
  const named = NUMBERS.indexOf(word);
  const value = word === 'a single' ? 1 : word === 'both' ? 2 : named >= 0 ? named : Number(word);
  const agrees = word === 'several' || word === 'multiple' ? available >= 2 : value === available;
  return agrees !== isNegated(before);
}

/**
 * Statements about place, extent, size and number in an answer, in order of kind, each checked against the measured
 * mask that was returned with it. An extent agrees with the largest region's or the total percent (two significant
 * digits); a size with the largest region's bounding box; a place with any region (`largest` and `other` in the clause
 * narrow it); a negation in the clause inverts. Equals `instruct/statements.py`.
 */
export function checkStatements(text: string, measure: MaskMeasure): Statement[] {
  const [largest] = measure.regions;
  const extents = [Number(measure.totalExtent), ...(largest ? [Number(largest.extent)] : [])];
  const [, , width, height] = largest?.bbox ?? [0, 0, 0, 0];
  const check = (kind: Statement['kind'], pattern: RegExp, agrees: (match: RegExpExecArray) => boolean) =>
    [...text.matchAll(pattern)].map((match): Statement => ({ kind, text: match[0], agrees: agrees(match) }));
  const before = (match: RegExpExecArray) => clauseBefore(text, match.index);
  return [
    ...check('place', PLACE, (match) => placeAgrees(match, before(match), measure)),
    ...check('extent', EXTENT, (match) => extents.includes(Number(match[1]))),
    ...check('size', SIZE, (match) => Number(match[1]) === width && Number(match[2]) === height),
    ...check('number', NUMBER, (match) => numberAgrees(match, before(match), measure)),
  ];
}
