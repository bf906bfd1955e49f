import { inflateSync } from 'node:zlib';

/** The stream of an object of a PDF, inflated where it is deflated. */
function streamOf(object: string): string {
  const start = object.indexOf('stream\n');
  if (start === -1) {
    return '';
  }
  const bytes = Buffer.from(object.slice(start + 7, object.lastIndexOf('\nendstream')), 'latin1');
  return object.includes('/FlateDecode') ? inflateSync(bytes).toString('latin1') : bytes.toString('latin1');
}

const fromHex = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');

/** What each glyph of a font means, in the order of their numbers, as the PDF says for those who copy or search. */
function glyphsOf(map: string): Map<number, string> {
  const glyphs = new Map<number, string>();
  for (const [, from = '', list = ''] of map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g)) {
    [...list.matchAll(/<([0-9a-f ]*)>/g)].forEach(([, hex = ''], i) => {
      glyphs.set(parseInt(from, 16) + i, fromHex(hex.replaceAll(' ', '')));
    });
  }
  return glyphs;
}

/**
 * The text of a PDF that pdfkit wrote, as a reader would copy it, a line for each piece that was drawn; glyphs that the
 * font does not have are `\ufffd`.
 */
export function pdfText(pdf: Buffer): string {
  const objects = new Map(
    [...pdf.toString('latin1').matchAll(/^(\d+) 0 obj\n([^]*?)\nendobj/gm)].map(([, id = '', body = '']) => [id, body]),
  );
  const fonts = new Map<string, Map<number, string>>();
  for (const body of objects.values()) {
    for (const [, name = '', id = ''] of body.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id) ?? '')?.[1] ?? '';
      fonts.set(name, glyphsOf(streamOf(objects.get(map) ?? '')));
    }
  }
  const lines: string[] = [];
  for (const body of objects.values()) {
    let glyphs = new Map<number, string>();
    for (const [, font, shown = ''] of streamOf(body).matchAll(/\/(F\d+) [\d.]+ Tf|\[(<[^\]]*)\] TJ/g)) {
      glyphs = font === undefined ? glyphs : (fonts.get(font) ?? new Map<number, string>());
      const hex = [...shown.matchAll(/<([0-9a-f]*)>/g)].map(([, part]) => part).join('');
      const codes = hex.match(/.{4}/g) ?? [];
      lines.push(
        ...(codes.length === 0 ? [] : [codes.map((code) => glyphs.get(parseInt(code, 16)) ?? '\ufffd').join('')]),
      );
    }
  }
  return lines.join('\n');
}
