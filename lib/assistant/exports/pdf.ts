import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import type { StoredMessage, StoredPart } from '@/lib/assistant/contract';
import { projectRoot } from '@/lib/engine/paths';
import { formatPercent } from '@/lib/segmentation/describe';
import { describeScore, masksOf, shownImages, type ExportedConversation } from './gather';
import { drawMasks } from './overlay';
import { toBlocks } from './plain-text';

type Document = PDFKit.PDFDocument;

const MARGIN = 56;
const PICTURE_PIXELS = 1280;
const PICTURE_BOX: [number, number] = [420, 300];
const GREY = '#5f6368';
const BLACK = '#1b1b1b';
// DejaVu has Latin, Greek, Cyrillic and the boxes of checklists; the fonts of PDF readers have Latin only.
const FONTS = join(projectRoot(), 'node_modules/dejavu-fonts-ttf/ttf');

function openDocument(exported: ExportedConversation): Document {
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    font: join(FONTS, 'DejaVuSans.ttf'),
    info: {
      Title: exported.title,
      Creator: `LookTwice ${exported.bundles.join(', ')}`.trim(),
      CreationDate: exported.exportedAt,
    },
  });
  document.registerFont('regular', join(FONTS, 'DejaVuSans.ttf'));
  document.registerFont('bold', join(FONTS, 'DejaVuSans-Bold.ttf'));
  return document;
}

/** Control characters would be drawn as boxes. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

function write(
  document: Document,
  text: string,
  { bold = false, size = 10, colour = BLACK, indent = 0, gap = 4 } = {},
): void {
  document
    .font(bold ? 'bold' : 'regular')
    .fontSize(size)
    .fillColor(colour)
    .text(printable(text), MARGIN + indent, document.y, { width: document.page.width - 2 * MARGIN - indent });
  document.moveDown(gap / size);
}

function writeText(document: Document, text: string): void {
  for (const block of toBlocks(text)) {
    write(document, block.kind === 'item' ? `•  ${block.text}` : block.text, {
      bold: block.kind === 'heading',
      indent: block.kind === 'item' ? 12 : 0,
    });
  }
}

function writePart(document: Document, part: StoredPart, role: StoredMessage['role']): void {
  switch (part.type) {
    case 'text':
      if (role === 'user') {
        write(document, part.text);
      } else {
        writeText(document, part.text);
      }
      break;
    case 'data-image':
      write(document, `Image${part.data.role === 'reference' ? ' (normal reference)' : ''}: ${part.data.name}`, {
        size: 9,
        colour: GREY,
      });
      break;
    case 'data-findings':
      if (part.data.items.length > 0) {
        write(document, 'Findings', { bold: true });
        document.font('regular').fontSize(9).fillColor(BLACK);
        document.x = MARGIN;
        document.table({
          data: [
            ['Type', 'Place', 'Extent', 'Severity', 'Score'],
            ...part.data.items.map(({ type, place, extentPercent, severity, score }) => [
              printable(type),
              printable(place),
              `${formatPercent(extentPercent, 100)} %`,
              severity,
              score.toFixed(2),
            ]),
          ],
        });
        document.moveDown(0.6);
      }
      break;
    case 'data-dataset':
      write(document, `${part.data.title} (${part.data.name})`, { bold: true });
      for (const { cells } of part.data.rows) {
        write(document, cells.filter((cell) => cell !== '').join('  ·  '), { size: 9, indent: 12 });
      }
      break;
    case 'data-checklist':
      write(document, part.data.title, { bold: true });
      for (const { text, group, done } of part.data.items) {
        write(document, `${done ? '☑' : '☐'}  ${group}: ${text}`, { indent: 12 });
      }
      break;
    case 'data-sources':
      if (part.data.length > 0) {
        write(document, `Sources: ${part.data.map(({ title }) => title).join('; ')}`, { size: 8, colour: GREY });
      }
      break;
    case 'data-inspection':
    case 'data-mask':
    case 'data-followups':
    case 'data-timings':
      break;
  }
}

async function writePictures(
  document: Document,
  message: StoredMessage,
  exported: ExportedConversation,
): Promise<void> {
  for (const { imageId, inspection } of shownImages(message)) {
    const image = exported.images.get(imageId);
    if (image === undefined) {
      continue;
    }
    const jpeg = await drawMasks(image.sha256, masksOf(message, imageId), PICTURE_PIXELS);
    const scale = Math.min(PICTURE_BOX[0] / image.width, PICTURE_BOX[1] / image.height);
    const height = image.height * scale;
    if (document.y + height > document.page.height - MARGIN - 40) {
      document.addPage();
    }
    document.image(jpeg, MARGIN, document.y, { width: image.width * scale, height });
    document.y += height + 6;
    const score = inspection === undefined ? '' : `${describeScore(inspection)}. `;
    write(document, `${score}${image.name}, ${image.width} x ${image.height} px, SHA-256 ${image.sha256}`, {
      size: 8,
      colour: GREY,
    });
  }
}

function numberPages(document: Document, footer: string): void {
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    document.switchToPage(page);
    const bottom = document.page.margins.bottom;
    // Below the margin pdfkit would begin a new page.
    document.page.margins.bottom = 0;
    document
      .font('regular')
      .fontSize(8)
      .fillColor(GREY)
      .text(`${printable(footer)} · page ${page - start + 1} of ${count}`, MARGIN, document.page.height - 36, {
        width: document.page.width - 2 * MARGIN,
        align: 'center',
        lineBreak: false,
      });
    document.page.margins.bottom = bottom;
  }
}

/** The branch as a report: title, date, bundle, and per answer the image with its mask, findings, impact and actions. */
export async function toPdf(exported: ExportedConversation): Promise<Buffer> {
  const document = openDocument(exported);
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', resolve);
    document.on('error', reject);
  });
  const date = exported.exportedAt.toISOString().slice(0, 16).replace('T', ' ');
  write(document, exported.title, { bold: true, size: 18, gap: 6 });
  write(document, `Visual inspection report · ${date} UTC · model ${exported.bundles.join(', ') || 'none'}`, {
    size: 9,
    colour: GREY,
    gap: 14,
  });
  for (const message of exported.messages) {
    const { state, createdAt } = message.metadata;
    const heading = `${message.role === 'user' ? 'Question' : 'Answer'}${state === 'complete' ? '' : ` (${state})`}`;
    write(document, `${heading} · ${createdAt.slice(0, 16).replace('T', ' ')} UTC`, { bold: true, size: 11, gap: 4 });
    await writePictures(document, message, exported);
    for (const part of message.parts) {
      writePart(document, part, message.role);
    }
    document.moveDown(0.8);
  }
  numberPages(document, `LookTwice · ${exported.title}`);
  document.end();
  await ended;
  return Buffer.concat(chunks);
}
