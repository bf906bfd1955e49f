import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Font, Glyph, parse, Path } from 'opentype.js';
import subsetFont from 'subset-font';
import { z } from 'zod';
import { projectRoot } from '@/lib/common/paths';

/** What pdfkit takes for a font: a file's path, or its bytes. */
export type Fonts = { regular: string | Buffer; bold: string | Buffer };
type Face = { base: string; weight: number; style: 'Regular' | 'Bold' };

const MODULES = join(projectRoot(), 'node_modules');
const FACES: Readonly<Record<keyof Fonts, Face>> = {
  regular: { base: join(MODULES, 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf'), weight: 400, style: 'Regular' },
  bold: { base: join(MODULES, 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'), weight: 700, style: 'Bold' },
};

/** Scripts of East Asia, with their punctuation and wide forms. */
const EAST_ASIAN =
  /[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u{1f200}-\u{1f2ff}\u{20000}-\u{323af}]/u;
const KANA = /[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]/u;
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/u;

const ARABIC = /[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]/;

/**
 * True for text whose Arabic letters the report's font cannot join: one that is put together has no tables for that.
 */
export const isUnjoined = (text: string): boolean => ARABIC.test(text) && EAST_ASIAN.test(text);

/** What a report itself writes, beside the conversation's text. */
const OWN = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('') + '·•☑☐…–—’“”×\u00a0';

const rangesSchema = z.record(z.string(), z.string());
/** A file of a family and the characters it has. */
type Piece = { file: string; has: (code: number) => boolean };
const families = new Map<string, Promise<Piece[]>>();

/** The files of a family, each with a part of its characters, as the package's own list says. */
function piecesOf(family: string): Promise<Piece[]> {
  const known = families.get(family) ?? readPieces(family);
  families.set(family, known);
  known.catch(() => families.delete(family));
  return known;
}

async function readPieces(family: string): Promise<Piece[]> {
  const folder = join(MODULES, '@fontsource-variable', family);
  const listed = rangesSchema.parse(JSON.parse(await readFile(join(folder, 'unicode.json'), 'utf8')));
  return Object.entries(listed).map(([name, text]) => {
    const ranges = text.split(',').map((range) => {
      const [from = NaN, to = from] = range
        .trim()
        .slice(2)
        .split('-')
        .map((hex) => parseInt(hex, 16));
      return [from, to] as const;
    });
    return {
      file: join(folder, 'files', `${family}-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`),
      has: (code) => ranges.some(([from, to]) => code >= from && code <= to),
    };
  });
}

/** Chinese, Japanese and Korean draw some characters differently: the text's own letters say which it is. */
function familiesFor(text: string): string[] {
  const [japanese, korean, chinese] = ['noto-sans-jp', 'noto-sans-kr', 'noto-sans-sc'];
  const first = KANA.test(text) ? [japanese] : HANGUL.test(text) ? [korean] : [];
  return [...new Set([...first, chinese, japanese, korean])];
}

/**
 * The two fonts of a report whose text has these characters. DejaVu alone, by its path, has Latin, Greek and Cyrillic;
 * where a text has Chinese, Japanese or Korean as well, one font is put together of DejaVu's glyphs and those of Noto
 * Sans, since a line of a PDF or a cell of a table has one font. It holds the text's own characters and no others.
 *
 * @param text everything that the report writes, in any order
 */
export async function fontsFor(text: string): Promise<Fonts> {
  if (!EAST_ASIAN.test(text)) {
    return { regular: FACES.regular.base, bold: FACES.bold.base };
  }
  const characters = new Set([...OWN, ...text.normalize('NFC'), ...text].filter((sign) => sign >= ' '));
  const [regular, bold] = await Promise.all([assemble(characters, FACES.regular), assemble(characters, FACES.bold)]);
  return { regular, bold };
}

const arrayBuffer = (bytes: Buffer): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

/** One font of the characters: DejaVu's where it has them, else those of the first family that does. */
async function assemble(characters: ReadonlySet<string>, { base, weight, style }: Face): Promise<Buffer> {
  const main = parse(arrayBuffer(await readFile(base)));
  const { path, advanceWidth = main.unitsPerEm / 2 } = main.glyphs.get(0);
  const glyphs: Glyph[] = [new Glyph({ name: '.notdef', advanceWidth, path })];
  const missing = new Set<string>();
  for (const sign of characters) {
    const glyph = main.charToGlyph(sign);
    if (glyph.index === 0) {
      missing.add(sign);
    } else {
      glyphs.push(copy(glyph, sign, 1));
    }
  }
  for (const family of familiesFor([...characters].join(''))) {
    for (const { file, has } of await piecesOf(family)) {
      const own = [...missing].filter((sign) => has(sign.codePointAt(0) ?? 0));
      const part = own.length === 0 ? undefined : await partOf(file, own, weight);
      for (const sign of own) {
        const glyph = part?.charToGlyph(sign);
        if (part !== undefined && glyph !== undefined && glyph.index !== 0) {
          glyphs.push(copy(glyph, sign, main.unitsPerEm / part.unitsPerEm));
          missing.delete(sign);
        }
      }
    }
  }
  const { unitsPerEm, ascender, descender } = main;
  const font = new Font({ familyName: 'LookTwice Report', styleName: style, unitsPerEm, ascender, descender, glyphs });
  return Buffer.from(font.toArrayBuffer());
}

/**
 * The characters of one file at a weight; undefined where the file has none of them: its list names more than it holds.
 */
async function partOf(file: string, characters: readonly string[], weight: number): Promise<Font | undefined> {
  const options = { targetFormat: 'truetype', variationAxes: { wght: weight } } as const;
  const bytes = await subsetFont(await readFile(file), characters.join(''), options);
  try {
    return parse(arrayBuffer(bytes));
  } catch (error) {
    if (error instanceof Error && /cmap/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

/** A glyph of another font for one character, `scale` times as large. */
function copy(glyph: Glyph, sign: string, scale: number): Glyph {
  const path = new Path();
  path.commands = glyph.path.commands.map((command) =>
    Object.fromEntries(
      Object.entries(command).map(([key, value]) => [key, typeof value === 'number' ? value * scale : value]),
    ),
  ) as typeof path.commands;
  const code = sign.codePointAt(0) ?? 0;
  const advanceWidth = Math.round((glyph.advanceWidth ?? 0) * scale);
  return new Glyph({ name: `uni${code.toString(16)}`, unicode: code, advanceWidth, path });
}
