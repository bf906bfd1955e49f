import type { ChecklistPart, Finding, StoredMessage, StoredPart } from '@/lib/contract';
import { formatPercent } from '@/lib/segmentation/describe';
import { describeScore, masksOf, shownImages, type ExportedConversation } from './gather';
import { drawMasks } from './overlay';
import {
  closeDocument,
  GREY,
  keepTogether,
  MARGIN,
  numberPages,
  openDocument,
  textWidth,
  write,
  writeTable,
  type Document,
} from './pdf-document';
import { describeMissing } from './pdf-bidi';
import { fontsFor, isUnjoined } from './pdf-fonts';
import { toBlocks } from './plain-text';
import { writeSheet } from './sheet';

const PICTURE_PIXELS = 1280;
const PICTURE_BOX: [number, number] = [440, 300];
const MARK = '#a8105a';

const UNJOINED = 'Arabic letters stand unjoined in this report, since its text has East Asian characters as well.';

/** `2026-11-24 13:04 UTC` */
function moment(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function findingsOf(message: StoredMessage, imageId?: string): Finding[] {
  return message.parts.flatMap((part) =>
    part.type === 'data-findings' && (imageId === undefined || part.data.imageId === imageId) ? part.data.items : [],
  );
}

/** "scratch, centre, 3.1 % of the image, moderate" */
function describeFinding({ type, place, extentPercent, severity }: Finding): string {
  return `${type}, ${place}, ${formatPercent(extentPercent, 100)} % of the image, ${severity}`;
}

/** What a non-conformance report asks for first: what was inspected, when, by which model, and the result. */
function writeFacts(document: Document, exported: ExportedConversation): void {
  const { id, messages, images, bundles } = exported;
  const first = messages[0];
  const shown = messages.flatMap(shownImages);
  const inspections = shown.flatMap(({ imageId, inspection }) =>
    inspection === undefined ? [] : [`${images.get(imageId)?.name ?? 'Image'}: ${describeScore(inspection)}`],
  );
  const findings = messages.flatMap((message) => findingsOf(message));
  const rows: [string, string][] = [
    ['Report', `${id}, made ${moment(exported.exportedAt.toISOString())}`],
    ['Inspected', first === undefined ? 'nothing yet' : moment(first.metadata.createdAt)],
    ['Model', bundles.join(', ') || 'none'],
    ...[...images.values()].map(({ name, width, height, sha256 }): [string, string] => [
      'Image',
      `${name}, ${width} x ${height} px\nSHA-256 ${sha256}`,
    ]),
    ...(inspections.length === 0 ? [] : [['Score', [...new Set(inspections)].join('\n')] as [string, string]]),
    ['Result', findings.length === 0 ? 'No finding is marked' : findings.map(describeFinding).join('\n')],
  ];
  writeTable(document, { rows, columns: [70, textWidth(document) - 70] });
}

function writeText(document: Document, text: string): void {
  for (const block of toBlocks(text)) {
    write(document, block.kind === 'item' ? `•  ${block.text}` : block.text, {
      bold: block.kind === 'heading',
      indent: block.kind === 'item' ? 12 : 0,
    });
  }
}

function writeFindings(document: Document, items: readonly Finding[]): void {
  if (items.length === 0) {
    return;
  }
  keepTogether(document, 60);
  write(document, 'Findings', { bold: true, gap: 5 });
  writeTable(document, {
    head: ['#', 'Type', 'Place', 'Extent', 'Severity', 'Score'],
    columns: [24, 130, 110, 70, 85, 64],
    rows: items.map(({ type, place, extentPercent, severity, score }, index) => [
      String(index + 1),
      type,
      place,
      `${formatPercent(extentPercent, 100)} %`,
      severity,
      score.toFixed(2),
    ]),
  });
}

function writeChecklist(document: Document, { title, items }: ChecklistPart): void {
  keepTogether(document, 50);
  write(document, title, { bold: true });
  for (const group of new Set(items.map((item) => item.group))) {
    if (group !== '') {
      keepTogether(document, 30);
      write(document, group.charAt(0).toUpperCase() + group.slice(1), { size: 9, colour: GREY, gap: 2 });
    }
    for (const { text, done } of items.filter((item) => item.group === group)) {
      write(document, `${done ? '☑' : '☐'}  ${text}`, { indent: 12 });
    }
  }
  document.y += 4;
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
      writeFindings(document, part.data.items);
      break;
    case 'data-dataset':
      write(document, `${part.data.title} (${part.data.name})`, { bold: true });
      for (const { cells } of part.data.rows) {
        write(document, cells.filter((cell) => cell !== '').join('  ·  '), { size: 9, indent: 12 });
      }
      break;
    case 'data-notice':
      keepTogether(document, 30);
      write(document, `Note: ${part.data.text}`, { bold: true, colour: MARK });
      break;
    case 'data-checklist':
      writeChecklist(document, part.data);
      break;
    case 'data-sources':
      if (part.data.length > 0) {
        write(document, `Sources: ${part.data.map(({ title }) => title).join('; ')}`, { size: 8, colour: GREY });
      }
      break;
    case 'data-engine': {
      const { label, model, host, fallback } = part.data;
      const failed =
        fallback === null ? '' : `, which failed: ${fallback.reason} Written by the ${fallback.to} engine.`;
      write(document, `Asked ${label} (${model} at ${host})${failed}`, { size: 8, colour: GREY });
      break;
    }
    // Has pictures, see `writeSheet`.
    case 'data-sheet':
    case 'data-inspection':
    case 'data-mask':
    case 'data-followups':
    case 'data-timings':
      break;
  }
}

/** The number of a finding, as in the table, at the upper left of its region. */
function drawMark(document: Document, number: number, x: number, y: number): void {
  document.circle(x, y, 7).lineWidth(1).fillAndStroke(MARK, '#ffffff');
  const options = { width: 14, align: 'center', lineBreak: false } as const;
  document
    .font('bold')
    .fontSize(8)
    .fillColor('#ffffff')
    .text(String(number), x - 7, y - 4.5, options);
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
    const jpeg = await drawMasks(image, masksOf(message, imageId), PICTURE_PIXELS);
    const scale = Math.min(PICTURE_BOX[0] / image.width, PICTURE_BOX[1] / image.height);
    const height = image.height * scale;
    keepTogether(document, height + 40);
    const top = document.y;
    document.image(jpeg, MARGIN, top, { width: image.width * scale, height });
    for (const [index, { bbox }] of findingsOf(message, imageId).entries()) {
      const [x, y] = [bbox[0] * scale, bbox[1] * scale];
      drawMark(document, index + 1, MARGIN + Math.max(8, x), top + Math.max(8, y));
    }
    document.y = top + height + 5;
    const score = inspection === undefined ? '' : `. ${describeScore(inspection)}`;
    write(document, `${image.name}${score}`, { size: 8, colour: GREY, gap: 8 });
  }
}

/**
 * The branch as a report that can be attached to a non-conformance (8D) report: title, the facts (image with its
 * SHA-256, date, model, score, findings), then the questions and answers with the marked image, the findings as a
 * table, impact and actions with what is ticked, and sources.
 */
export async function toPdf(exported: ExportedConversation): Promise<Buffer> {
  const { title, bundles, exportedAt, messages } = exported;
  const creator = `LookTwice ${bundles.join(', ')}`.trim();
  const text = JSON.stringify([title, messages, [...exported.images.values()]]);
  const fonts = await fontsFor(text);
  const document = openDocument({ Title: title, Creator: creator, CreationDate: exportedAt }, fonts);
  write(document, 'VISUAL INSPECTION REPORT', { bold: true, size: 8, colour: MARK, gap: 3 });
  write(document, title, { bold: true, size: 17, gap: 8 });
  for (const limit of [describeMissing(document, text), isUnjoined(text) ? UNJOINED : null]) {
    if (limit !== null) {
      write(document, limit, { size: 8, colour: MARK, gap: 8 });
    }
  }
  writeFacts(document, exported);
  for (const message of messages) {
    const { state, createdAt } = message.metadata;
    const heading = `${message.role === 'user' ? 'Question' : 'Answer'}${state === 'complete' ? '' : ` (${state})`}`;
    keepTogether(document, 50);
    write(document, `${heading} · ${moment(createdAt)}`, { bold: true, size: 11, gap: 4 });
    for (const part of message.parts) {
      if (part.type === 'data-sheet') {
        await writeSheet(document, part.data, exported.images);
      }
    }
    await writePictures(document, message, exported);
    for (const part of message.parts) {
      writePart(document, part, message.role);
    }
    document.y += 8;
  }
  write(document, 'A model wrote the answers. Check what matters before you act on it.', { size: 8, colour: GREY });
  numberPages(document, `LookTwice · ${title}`);
  return closeDocument(document);
}
