import type { SheetItem, SheetPart } from '@/lib/contract';
import { describeSheet } from '@/lib/contract/sheet-text';
import { imageVariant } from '@/lib/images/variant';
import type { ImageRow } from '@/lib/database/images';
import { GREY, keepTogether, MARGIN, textWidth, write, writeTable, type Document } from './pdf-document';
import { describeBasis } from '@/lib/contract/verdict';

type Images = ReadonlyMap<string, ImageRow>;

export const SHEET_HEAD = ['#', 'Image', 'Verdict', 'Probability', 'Found', 'Judged from'];

/** A sheet as the rows of a table, in its order. */
export function sheetRows({ items }: Pick<SheetPart, 'items'>, images: Images): string[][] {
  return items.map(({ imageId, verdict, probability, type, basis }, index) => [
    String(index + 1),
    images.get(imageId)?.name ?? 'Image',
    verdict,
    probability.toFixed(2),
    type ?? '',
    describeBasis(basis),
  ]);
}

/** Why images were not judged, one line each. */
export function failedLines({ failed }: Pick<SheetPart, 'failed'>, images: Images): string[] {
  return failed.map(({ imageId, reason }) => `${images.get(imageId)?.name ?? 'Image'}: ${reason}`);
}

const COLUMNS = 5;
const GAP = 6;
const CAPTION = 22;
const COLOURS = { anomalous: '#a8105a', unsure: '#9a6700', normal: GREY } as const;
/** Tiles of a report; the table has the rest. */
const MOST_TILES = 60;

async function drawTile(
  document: Document,
  item: SheetItem,
  image: ImageRow,
  at: { x: number; y: number; side: number },
) {
  const { x, y, side } = at;
  const { bytes } = await imageVariant(image, 320, 'jpeg');
  const scale = Math.min(side / image.width, side / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  const [left, top] = [x + (side - width) / 2, y + (side - height) / 2];
  document.image(bytes, left, top, { width, height });
  const { outline, verdict, probability } = item;
  if (outline !== null) {
    document
      .save()
      .translate(left, top)
      .scale(width / outline.width, height / outline.height)
      .path(outline.path)
      .lineWidth(outline.width / width)
      .fillOpacity(0.35)
      .fillAndStroke(COLOURS.anomalous, COLOURS.anomalous, 'even-odd')
      .restore();
  }
  document
    .rect(x, y, side, side)
    .lineWidth(verdict === 'normal' ? 0.5 : 1)
    .stroke(COLOURS[verdict]);
  const options = { width: side, height: 9, lineBreak: false, ellipsis: true } as const;
  document
    .font('regular')
    .fontSize(7)
    .fillColor(GREY)
    .text(image.name, x, y + side + 2, options);
  document.font('bold').fontSize(7).fillColor(COLOURS[verdict]);
  document.text(`${probability.toFixed(2)} ${verdict}`, x, y + side + 11, options);
}

/** Writes a contact sheet: the sentence, thumbnails with what is marked on them, and the table. */
export async function writeSheet(document: Document, part: SheetPart, images: Images): Promise<void> {
  keepTogether(document, 60);
  write(document, describeSheet(part), { bold: true, gap: 6 });
  const side = (textWidth(document) - GAP * (COLUMNS - 1)) / COLUMNS;
  const tiles = part.items.flatMap((item) => {
    const image = images.get(item.imageId);
    return image === undefined ? [] : [{ item, image }];
  });
  for (const [index, { item, image }] of tiles.slice(0, MOST_TILES).entries()) {
    const column = index % COLUMNS;
    if (column === 0) {
      keepTogether(document, side + CAPTION + GAP);
    }
    const y = document.y;
    await drawTile(document, item, image, { x: MARGIN + column * (side + GAP), y, side });
    const isLast = column === COLUMNS - 1 || index === Math.min(tiles.length, MOST_TILES) - 1;
    document.y = isLast ? y + side + CAPTION + GAP : y;
  }
  document.x = MARGIN;
  writeTable(document, {
    head: SHEET_HEAD,
    columns: [24, 150, 65, 65, 85, textWidth(document) - 389],
    rows: sheetRows(part, images),
  });
  for (const line of failedLines(part, images)) {
    write(document, line, { size: 9, colour: COLOURS.anomalous });
  }
}
