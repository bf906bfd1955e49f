import { closeDocument, numberPages, openDocument, write, writeTable } from '@/lib/assistant/exports/pdf-document';
import { fontsFor } from '@/lib/assistant/exports/pdf-fonts';
import { pdfText } from '../../support/pdf-text';

async function written(text: string) {
  const fonts = await fontsFor(text);
  const document = openDocument({ Title: text, Creator: 'test', CreationDate: new Date(0) }, fonts);
  write(document, text, { bold: true, size: 17 });
  write(document, text);
  writeTable(document, { rows: [['Image', text]], columns: [70, 380] });
  numberPages(document, text);
  const bytes = await closeDocument(document);
  return { text: pdfText(bytes).replace(/\s+/g, ''), bytes, fonts };
}

it.each([
  ['Chinese', '请问这个划痕的原因是什么？ 繁體中文圖像'],
  ['Japanese', '日本語の傷とカタカナ、ｶﾅ。「検査」'],
  ['Korean', '한국어 결함 검사'],
  ['Greek', 'Ελεγχος της επιφάνειας'],
  ['Cyrillic', 'Проверка детали, царапина'],
  ['Latin with marks', 'Größe, façade, žluťoučký, Łódź'],
  ['all of them in one line', 'scratch 划痕 キズ 결함 Царапина ρωγμή Öl'],
])('the report shows %s, in headings, paragraphs, tables and the foot', async (_, text) => {
  const found = await written(text);
  const whole = text.replace(/\s+/g, '');
  // The heading, the paragraph and the cell; the foot may end with an ellipsis.
  expect(found.text.split(whole).length - 1).toBeGreaterThanOrEqual(3);
  expect(found.text).not.toContain('\ufffd');
});

it('has the characters of the text alone, and leaves out the fonts that it does not need', async () => {
  const chinese = await written('划痕');
  expect(chinese.bytes.length).toBeLessThan(100_000);
  const { regular } = await fontsFor('Größe, царапина');
  expect(regular).toMatch(/DejaVuSans\.ttf$/);
});

it('puts no other character in the place of one that no font has', async () => {
  const { text } = await written('划痕 \u{13000} end');
  expect(text).toContain('划痕');
  expect(text).toContain('end');
});
