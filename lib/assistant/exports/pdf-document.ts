import PDFDocument from 'pdfkit';
import { isRightToLeft, writeBothWays } from './pdf-bidi';
import type { Fonts } from './pdf-fonts';

export type Document = PDFKit.PDFDocument;

export const MARGIN = 56;
export const GREY = '#5f6368';
const BLACK = '#1b1b1b';
const LINE = '#d5d9de';
const HEAD = '#eef1f4';

/** An A4 document with the fonts that its text needs. */
export function openDocument(
  info: { Title: string; Creator: string; CreationDate: Date },
  { regular, bold }: Fonts,
): Document {
  // pdfkit takes bytes here as well; its types say a path alone.
  const document = new PDFDocument({ size: 'A4', margin: MARGIN, bufferPages: true, font: regular as string, info });
  document.registerFont('regular', regular);
  document.registerFont('bold', bold);
  for (const name of ['bold', 'regular']) {
    writeBothWays(document.font(name));
  }
  return document;
}

/** Control characters, and marks that say how text is laid out, would be drawn as boxes. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');
}

/** The width between the margins, in points. */
export function textWidth(document: Document): number {
  return document.page.width - 2 * MARGIN;
}

/** Begins a new page when less than `points` are left on this one: a heading stays with what follows it. */
export function keepTogether(document: Document, points: number): void {
  if (document.y + points > document.page.height - MARGIN) {
    document.addPage();
  }
}

/** Writes a paragraph; `gap` is the space after it, in points. */
export function write(
  document: Document,
  text: string,
  { bold = false, size = 10, colour = BLACK, indent = 0, gap = 4 } = {},
): void {
  document
    .font(bold ? 'bold' : 'regular')
    .fontSize(size)
    .fillColor(colour)
    .text(printable(text), MARGIN + indent, document.y, {
      width: textWidth(document) - indent,
      align: isRightToLeft(text) ? 'right' : 'left',
    });
  document.y += gap;
}

/**
 * A table with thin lines; `head` is its first row, in bold on a tint. Without a head the first column is the tinted
 * one.
 */
export function writeTable(
  document: Document,
  { head, rows, columns }: { head?: readonly string[]; rows: readonly (readonly string[])[]; columns: number[] },
): void {
  document.x = MARGIN;
  document.font('regular').fontSize(9).fillColor(BLACK);
  const bold = (text: string) => ({ text: printable(text), font: { src: 'bold', size: 8.5 }, backgroundColor: HEAD });
  const body = rows.map((row) =>
    row.map((text, column) => (head === undefined && column === 0 ? bold(text) : { text: printable(text) })),
  );
  document.table({
    columnStyles: columns,
    defaultStyle: { border: 0.5, borderColor: LINE, padding: [3, 5, 3, 5] },
    data: [...(head === undefined ? [] : [head.map(bold)]), ...body],
  });
  document.x = MARGIN;
  document.y += 10;
}

/** Writes the foot of every page, with its number. */
export function numberPages(document: Document, footer: string): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    document.switchToPage(page);
    const bottom = document.page.margins.bottom;
    // Below the margin pdfkit would begin a new page.
    document.page.margins.bottom = 0;
    const options = { width: textWidth(document), lineBreak: false, height: 10, ellipsis: true } as const;
    const y = document.page.height - 36;
    document.font('regular').fontSize(8).fillColor(GREY);
    document.text(printable(footer), MARGIN, y, { ...options, width: textWidth(document) - 80 });
    document.text(`page ${page - start + 1} of ${count}`, MARGIN, y, { ...options, align: 'right' });
    document.page.margins.bottom = bottom;
  }
}

/** The finished document's bytes. */
export async function closeDocument(document: Document): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', resolve);
    document.on('error', reject);
  });
  document.end();
  await ended;
  return Buffer.concat(chunks);
}
