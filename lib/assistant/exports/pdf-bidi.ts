import makeBidi from 'bidi-js';
import type { Document } from './pdf-document';

/** What pdfkit keeps of a font that is embedded; its types do not tell. */
type Embedded = {
  encode: (text: string, features?: unknown) => [string[], unknown[]];
  font: { hasGlyphForCodePoint: (code: number) => boolean; directory?: { tables: Readonly<Record<string, unknown>> } };
};

const bidi = makeBidi();
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Letters by which the layout engine tells that a word is to be turned round; signs of the same scripts are not enough.
 */
const LETTERS = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** True for text that is read from right to left: its first letter decides, as in a browser with `dir="auto"`. */
export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text) && bidi.getEmbeddingLevels(text, 'auto').paragraphs[0]?.level === 1;
}

const reversed = (text: string): string => Array.from(text).toReversed().join('');

/** Words in the order in which they stand on paper, from the left; a space stays with the word before it. */
function wordsFromLeft(run: string, base: number): string[] {
  const mirrored = Array.from(run, (sign) => bidi.getMirroredCharacter(sign) ?? sign).join('');
  return base === 0 ? [run] : (mirrored.match(/\S+\s*|\s+/g) ?? []).toReversed();
}

/**
 * The pieces of a line in the order in which they are drawn from left to right, each written in one direction.
 *
 * @param line one line of a paragraph, in the order in which it is read
 */
export function piecesFromLeft(line: string): { text: string; isRightToLeft: boolean }[] {
  const embedding = bidi.getEmbeddingLevels(line, 'auto');
  const order = bidi.getReorderedIndices(line, embedding);
  const pieces: { text: string; isRightToLeft: boolean }[] = [];
  for (let i = 0; i < order.length;) {
    const level = embedding.levels[order[i] ?? 0] ?? 0;
    const step = level % 2 === 1 ? -1 : 1;
    let end = i + 1;
    while (
      end < order.length &&
      order[end] === (order[end - 1] ?? 0) + step &&
      embedding.levels[order[end] ?? 0] === level
    ) {
      end += 1;
    }
    const [first = 0, last = 0] = step === 1 ? [order[i], order[end - 1]] : [order[end - 1], order[i]];
    const words = wordsFromLeft(line.slice(first, last + 1), level % 2);
    pieces.push(...words.map((text) => ({ text, isRightToLeft: step === -1 })));
    i = end;
  }
  return pieces;
}

/**
 * Makes a font of the document write each line in the order of the Unicode bidirectional algorithm; pdfkit itself puts
 * one word after the other from left to right. The letters of a word are joined, and turned round, by its layout engine
 * where the font has tables for that.
 *
 * @param document with the font chosen
 */
export function writeBothWays(document: Document): void {
  const embedded = embeddedFont(document);
  const plain = embedded.encode.bind(embedded);
  const tables = embedded.font.directory?.tables ?? {};
  const hasLayout = 'GSUB' in tables || 'GPOS' in tables;
  embedded.encode = (line, features) => {
    if (!RIGHT_TO_LEFT.test(line)) {
      return plain(line, features);
    }
    const parts = piecesFromLeft(line).map(({ text, isRightToLeft: turns }) =>
      // Words of signs alone are laid out from left to right.
      plain(turns && !(hasLayout && LETTERS.test(text)) ? reversed(text) : text, features),
    );
    return [parts.flatMap(([glyphs]) => glyphs), parts.flatMap(([, positions]) => positions)];
  };
}

/** Scripts by the names that people know them by, for the sentence about what a font lacks. */
const SCRIPTS: readonly [RegExp, string][] = [
  [/\p{Extended_Pictographic}/u, 'pictographs'],
  ...(
    [
      'Thai',
      'Devanagari',
      'Bengali',
      'Tamil',
      'Telugu',
      'Gujarati',
      'Gurmukhi',
      'Kannada',
      'Malayalam',
      'Khmer',
    ] as const
  ).map((name): [RegExp, string] => [new RegExp(`\\p{Script=${name}}`, 'u'), name]),
  ...(['Myanmar', 'Sinhala', 'Ethiopic', 'Syriac', 'Thaana', 'Tibetan', 'Mongolian'] as const).map(
    (name): [RegExp, string] => [new RegExp(`\\p{Script=${name}}`, 'u'), name],
  ),
];

/**
 * A sentence about characters that the chosen font cannot draw, or null when there are none.
 *
 * @param text everything that the report writes
 */
export function describeMissing(document: Document, text: string): string | null {
  const { font } = embeddedFont(document);
  const missing = [...new Set(text)].filter(
    (sign) => !/[\p{C}\p{Z}]|[\ufe00-\ufe0f]/u.test(sign) && !font.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0),
  );
  if (missing.length === 0) {
    return null;
  }
  const names = new Set(missing.map((sign) => SCRIPTS.find(([script]) => script.test(sign))?.[1] ?? 'other signs'));
  const count = missing.length === 1 ? '1 character' : `${missing.length} different characters`;
  return `This report has no glyphs for ${count} of its text (${[...names].join(', ')}) and shows boxes in their place. The conversation and its export as Markdown have them.`;
}

function embeddedFont(document: Document): Embedded {
  return (document as unknown as { _font: Embedded })._font;
}
