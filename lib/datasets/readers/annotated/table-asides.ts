import { toNumber } from '../numbers';
import { saysDefect } from './answer-words';
import type { NamedColumn } from './table-columns';

/** A column that labels no image by itself, and can speak against one that is called normal. */
export type Aside = NamedColumn & { holds: 'count' | 'words' | 'region' };

const NOUN = '(defects?|anomal(y|ies)|faults?|flaws?|scratch(es)?|damages?|fehler)';
const COUNT = new RegExp(
  `^(num|no|nr|number|count|n|anzahl)( of)? ${NOUN}$|^${NOUN} (count|num|number|area|size|length|pixels|anzahl)$|^缺陷(数量?|面积)$`,
);
const WORDS = /^(comments?|remarks?|notes?|descriptions?|bemerkung(en)?|kommentar|beschreibung|备注|描述|説明|備考)$/;
const REGION = /^(polygons?|points|segmentations?|outlines?|contours?)$/;
const EMPTY = /^(|\[\s*\]|\{\s*\}|0|-|none|null|nan|na|n\/a)$/i;

/** The asides among columns' names in plain words. */
export function asideOf(name: string): Aside['holds'] | undefined {
  return COUNT.test(name) ? 'count' : WORDS.test(name) ? 'words' : REGION.test(name) ? 'region' : undefined;
}

/** What a row's asides say that cannot be said of a normal image. */
export function asidesAgainst(cells: readonly string[], asides: readonly Aside[]): string[] {
  return asides.flatMap(({ column, name, holds }) => {
    const cell = (cells[column] ?? '').trim();
    const isAgainst =
      holds === 'count' ? (toNumber(cell) ?? 0) > 0 : holds === 'words' ? saysDefect(cell) : !EMPTY.test(cell);
    return isAgainst ? [`"${cell.slice(0, 40)}" in the column ${name}`] : [];
  });
}
