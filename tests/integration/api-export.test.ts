import { GET as exportRoute } from '@/app/api/conversations/[id]/export/route';
import { GET as maskRoute } from '@/app/api/masks/[id]/route';
import { newId, storedMessageSchema } from '@/lib/contract';
import sharp from 'sharp';
import { z } from 'zod';
import { useDataDirectory } from '../support/data-directory';
import { rle, storeDefectConversation } from '../support/defect-conversation';
import { makePng } from '../support/images';
import { pdfText } from '../support/pdf-text';
import { call } from '../support/request';

useDataDirectory();

let conversationId: string;
let maskId: string;
let firstAnswer: string;

beforeAll(async () => {
  const question = 'Any defects? <b>Царапина</b> [x](javascript:alert(1))';
  ({ conversationId, maskId, firstAnswer } = await storeDefectConversation(
    'gehäuse [1].png',
    await makePng(3),
    question,
  ));
});

async function download(query: string): Promise<{ response: Response; bytes: Buffer }> {
  const response = await call(exportRoute, `/api/conversations/${conversationId}/export?${query}`, {
    params: { id: conversationId },
  });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

test('Markdown has the question as text, the findings, ticks, sources and a picture', async () => {
  const { response, bytes } = await download('format=md');
  expect(response.headers.get('content-disposition')).toContain("attachment; filename*=UTF-8''Any-defects");
  const text = bytes.toString();
  expect(text).toContain('> Any defects? \\<b\\>Царапина\\</b\\> \\[x\\]\\(javascript:alert\\(1\\)\\)');
  expect(text).toContain(
    'Anomaly score 0.93 (highly suspicious): verdict anomalous, probability 0.93, from this picture alone. File gehäuse \\[1\\].png, SHA-256',
  );
  expect(text).toContain('| scratch | centre | 3.1 % | moderate | 0.80 |');
  expect(text).toContain('- [x] containment: Quarantine the lot');
  expect(text).toContain('- [ ] corrective: Check the fixture');
  expect(text).toContain('- Scratch on metal (playbook)');
  const picture = /\[picture-1\]: data:image\/jpeg;base64,(\S+)/.exec(text)?.[1] ?? '';
  const { data, info } = await sharp(Buffer.from(picture, 'base64')).raw().toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  const [inside, outside] = [pixel(130, 80), pixel(250, 200)];
  expect((inside[0] ?? 0) - (inside[1] ?? 0)).toBeGreaterThan(30);
  expect(Math.abs((outside[0] ?? 0) - (outside[1] ?? 0))).toBeLessThan(10);
});

test('JSON has the messages of the contract, and the branch that was asked for', async () => {
  const schema = z.object({
    format: z.literal('looktwice-conversation'),
    messages: z.array(storedMessageSchema),
    images: z.array(z.unknown()),
  });
  const whole = schema.parse(JSON.parse((await download('format=json')).bytes.toString()));
  expect(whole.messages).toHaveLength(4);
  expect(whole.images).toHaveLength(1);
  const part = schema.parse(JSON.parse((await download(`format=json&leaf=${firstAnswer}`)).bytes.toString()));
  expect(part.messages).toHaveLength(2);
  expect((await download(`format=json&leaf=${newId()}`)).response.status).toBe(404);
});

test('PDF is a PDF with the picture and the fonts in it', async () => {
  const { response, bytes } = await download('format=pdf');
  expect(response.headers.get('content-type')).toBe('application/pdf');
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const raw = bytes.toString('latin1');
  expect(raw).toContain('/Subtype /Image');
  expect(raw).toContain('DejaVuSans');
  expect(raw.trimEnd().endsWith('%%EOF')).toBe(true);
});

test('PDF has Chinese, Japanese and Korean in question, title and image name (case u06)', async () => {
  const question = '请问这个划痕的原因是什么？ 日本語 한국어';
  const { conversationId: id } = await storeDefectConversation('图像 キズ.png', await makePng(5), question);
  const response = await call(exportRoute, `/api/conversations/${id}/export?format=pdf`, { params: { id } });
  const text = pdfText(Buffer.from(await response.arrayBuffer())).replace(/\s+/g, '');
  // As the title, the question and in the foot; the name among the facts.
  expect(text.split(question.replace(/\s+/g, '')).length - 1).toBeGreaterThanOrEqual(2);
  expect(text).toContain('图像キズ.png');
  expect(text).toContain(`LookTwice·${question.replace(/\s+/g, '')}`);
});

test('a mask is served as a PNG of the image’s size and as COCO', async () => {
  const params = { id: maskId };
  const png = await call(maskRoute, '/', { params });
  const { data, info } = await sharp(Buffer.from(await png.arrayBuffer()))
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([320, 240, 1]);
  expect(data.reduce((sum, value) => sum + (value === 255 ? 1 : 0), 0)).toBe(2400);
  expect(data[80 * 320 + 130]).toBe(255);
  const coco = z
    .object({ annotations: z.tuple([z.object({ area: z.number(), segmentation: z.unknown() })]) })
    .parse(await (await call(maskRoute, '/?format=coco', { params })).json());
  expect(coco.annotations[0]).toMatchObject({ area: 2400, segmentation: rle });
  expect((await call(maskRoute, '/?format=svg', { params })).status).toBe(400);
});
