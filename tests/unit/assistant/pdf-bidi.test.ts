import {
  closeDocument,
  openDocument,
  textWidth,
  write,
  writeTable,
  type Document,
} from '@/lib/assistant/exports/pdf-document';
import { describeMissing, isRightToLeft, piecesFromLeft } from '@/lib/assistant/exports/pdf-bidi';
import { fontsFor } from '@/lib/assistant/exports/pdf-fonts';
import { pdfText } from '../../support/pdf-text';

const open = async (text: string): Promise<Document> =>
  openDocument({ Title: 't', Creator: 'c', CreationDate: new Date(0) }, await fontsFor(text));

/** The lines as they stand on paper, from the left. */
async function drawn(text: string, all = text): Promise<string> {
  const document = await open(all);
  write(document, text);
  return pdfText(await closeDocument(document));
}

const fromLeft = (text: string): string => Array.from(text).toReversed().join('');

test('the first letter tells the direction of a paragraph', () => {
  expect(['שריטה 12', '12: خدش', 'Part: שריטה', 'Kratzer', ''].map(isRightToLeft)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('numbers and Latin words keep their order amid words from the right', () => {
  expect(piecesFromLeft('שריטה A 12').map(({ text }) => text.trim())).toEqual(['A 12', 'שריטה']);
  expect(piecesFromLeft('Part שריטה ושבר 7').map(({ text }) => text.trim())).toEqual(['Part', '7', 'ושבר', 'שריטה']);
});

test.each([
  ['alone', ''],
  ['beside Chinese, where the font is put together', '划痕'],
])('Hebrew is drawn from the right, %s', async (_, more) => {
  expect(await drawn('מה הגורם לשריטה?', `מה הגורם לשריטה? ${more}`)).toContain(fromLeft('מה הגורם לשריטה?'));
  expect(await drawn('Part (שריטה) 12', `Part (שריטה) 12 ${more}`)).toContain(`Part (${fromLeft('שריטה')}) 12`);
});

test('Arabic is drawn from the right, its question mark at the left, in tables as well', async () => {
  const document = await open('');
  writeTable(document, { rows: [['Image', 'دفعة (345)؟']], columns: [70, textWidth(document) - 70] });
  const text = pdfText(await closeDocument(document)).replaceAll('\n', '');
  expect(text).toContain(`؟(345) ${fromLeft('دفعة')}`);
});

test('scripts that the font lacks are named, and no others', async () => {
  const text = 'Kratzer, царапина, خدش, שריטה, สวัสดี';
  expect(describeMissing(await open(text), text)).toMatch(/no glyphs for \d different characters of its text \(Thai\)/);
  expect(describeMissing(await open(text), 'Kratzer, царапина, خدش, שריטה ±½')).toBeNull();
});
