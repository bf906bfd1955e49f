import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { POST as chat } from '@/app/api/chat/route';
import { GET as exportRoute } from '@/app/api/conversations/[id]/export/route';
import { GET as conversationRoute } from '@/app/api/conversations/[id]/route';
import { POST as upload } from '@/app/api/images/route';
import { GET as inspectionRoute } from '@/app/api/inspections/[id]/route';
import { POST as shareRoute } from '@/app/api/shares/route';
import { POST as inspect } from '@/app/api/inspect/route';
import {
  conversationSchema,
  imageSchema,
  inspectResponseSchema,
  newId,
  type ChatMessage,
  type InspectionPart,
  type SheetPart,
} from '@/lib/contract';
import { describeSheet } from '@/lib/contract/sheet-text';
import { readConversation } from '@/lib/assistant/conversations/read-conversation';
import { database } from '@/lib/database/client';
import { findInspection } from '@/lib/database/inspections';
import { getEngine } from '@/lib/engine/worker/client';
import { shareCreatedSchema } from '@/lib/sharing/contract';
import { forkShare } from '@/lib/sharing/fork-share';
import { openShare, readSharedConversation } from '@/lib/sharing/open-share';
import { toSharedMessage } from '@/lib/sharing/shared-view';
import { useDataDirectory } from '../support/data-directory';
import { makeFlange } from '../support/flange';
import { makePng } from '../support/images';
import { pdfText } from '../support/pdf-text';
import { buildMessage, readChunks } from '../support/read-stream';
import { call } from '../support/request';

jest.setTimeout(600_000);
useDataDirectory();
afterAll(() => getEngine().close());

const settings = { maxTokens: 24, seed: 1, temperature: 0 };
const send = async (body: Uint8Array, name: string) =>
  imageSchema.parse(await (await call(upload, `/api/images?name=${name}`, { body })).json()).id;

type Asked = { message: ChatMessage; stages: string[]; questionId: string };

/** Asks by the real route and reads the stream to its end. */
async function ask(
  conversationId: string,
  text: string,
  { images = [], parentId = null }: { images?: string[]; parentId?: string | null } = {},
): Promise<Asked> {
  const questionId = newId();
  const parts = [
    ...images.map((imageId) => ({ type: 'data-image', data: { imageId, role: 'subject' } })),
    { type: 'text', text },
  ];
  const json = {
    conversationId,
    parentId,
    settings,
    trigger: 'submit',
    message: { id: questionId, role: 'user', parts },
  };
  return { ...(await read(await call(chat, '/api/chat', { json }))), questionId };
}

async function read(response: Response): Promise<Omit<Asked, 'questionId'>> {
  expect(response.status).toBe(200);
  const chunks = await readChunks(response);
  const message = await buildMessage(chunks.filter(({ type }) => type !== 'data-status'));
  if (message === undefined) {
    throw new Error('no message');
  }
  const stages = chunks.flatMap((chunk) =>
    chunk.type === 'data-status' ? [`${chunk.data.stage} ${chunk.data.done ?? ''} of ${chunk.data.total ?? ''}`] : [],
  );
  return { message, stages };
}

const sheetOf = (message: Pick<ChatMessage, 'parts'>): SheetPart | undefined =>
  message.parts.flatMap((part) => (part.type === 'data-sheet' ? [part.data] : []))[0];
const inspectionsOf = (message: Pick<ChatMessage, 'parts'>): InspectionPart[] =>
  message.parts.flatMap((part) => (part.type === 'data-inspection' ? [part.data] : []));

describe('a set in the chat', () => {
  const conversationId = newId();
  const good: string[] = [];
  let bad = '';
  let other = '';
  let first: Asked;

  beforeAll(async () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      good.push(await send(await makeFlange(seed), `flange-${seed}.png`));
    }
    bad = await send(await makeFlange(9, { defect: true }), 'scratched.png');
    other = await send(await makePng(3, 300, 200), 'other.png');
    first = await ask(conversationId, 'Which of these stand out?', {
      images: [...good.slice(0, 4), bad, other, ...good.slice(4)],
    });
  });

  test('judges images of one kind among each other, the defective one first, and what shows something else by itself', () => {
    const sheet = sheetOf(first.message);
    expect(sheet?.items).toHaveLength(10);
    expect(sheet?.failed).toEqual([]);
    const [worst] = sheet?.items ?? [];
    expect(worst).toMatchObject({ imageId: bad, verdict: 'anomalous', basis: { kind: 'set', count: 9 } });
    expect(worst?.outline?.path).toMatch(/^M/);
    const kinds = new Map(sheet?.items.map(({ imageId, basis }) => [imageId, basis.kind]));
    expect(kinds.get(other)).toBe('zero-shot');
    expect(good.map((id) => kinds.get(id))).toEqual(good.map(() => 'set'));
    expect(sheet?.items.filter(({ imageId, verdict }) => good.includes(imageId) && verdict === 'normal')).toHaveLength(
      8,
    );
    expect(sheet && describeSheet(sheet)).toMatch(
      /^1 of 9 images stands out\. They were judged among each other, without references\. 1 shows something else and was judged alone/,
    );
  });

  test('counts the images while it looks, and speaks of the one that stands out most', () => {
    expect(first.stages).toContain('images 5 of 10');
    expect(first.stages.some((stage) => stage.startsWith('comparing '))).toBe(true);
    const sheet = sheetOf(first.message);
    expect(sheet?.subjectId).toBe(bad);
    const [seen, ...more] = inspectionsOf(first.message);
    expect(more).toEqual([]);
    // One contract: what the sheet says of it is what the answer was held to.
    const { score, verdict, probability, basis } = sheet?.items[0] ?? {};
    expect(seen).toMatchObject({ imageId: bad, inspectionId: sheet?.items[0]?.inspectionId, verdict, basis });
    expect(seen?.score).toBeCloseTo(score ?? NaN, 6);
    expect(seen?.probability).toBeCloseTo(probability ?? NaN, 6);
    expect(first.message.parts.some((part) => part.type === 'text' && part.text.length > 10)).toBe(true);
  });

  test('is stored whole, and each image can be opened as it was judged', async () => {
    const stored = conversationSchema.parse(
      await (await call(conversationRoute, '/x', { params: { id: conversationId } })).json(),
    );
    const answer = stored.messages.at(-1);
    expect(answer?.parts.find((part) => part.type === 'data-sheet')?.data).toEqual(sheetOf(first.message));
    for (const item of sheetOf(first.message)?.items ?? []) {
      const response = await call(inspectionRoute, '/x', { params: { id: item.inspectionId } });
      const { inspection, masks, findings } = inspectResponseSchema.parse(await response.json());
      expect(inspection).toMatchObject({ imageId: item.imageId, score: item.score, verdict: item.verdict });
      expect(masks).toHaveLength(inspection.regions.length);
      expect(findings.items).toHaveLength(inspection.regions.length);
      expect(masks.length > 0).toBe(item.outline !== null);
    }
    expect((await call(inspectionRoute, '/x', { params: { id: newId() } })).status).toBe(404);
  });

  test('does not become what is said of an image by itself', async () => {
    const response = await call(inspect, '/x', { json: { imageId: good[0] } });
    expect(inspectResponseSchema.parse(await response.json()).inspection.basis.kind).toBe('zero-shot');
  });

  test('a later question about another of its images sees it as the set did', async () => {
    const parentId = first.message.id;
    const second = await ask(conversationId, 'Is #flange-3.png all right?', { parentId });
    const item = sheetOf(first.message)?.items.find(({ imageId }) => imageId === good[2]);
    expect(sheetOf(second.message)).toBeUndefined();
    expect(inspectionsOf(second.message)).toHaveLength(1);
    expect(inspectionsOf(second.message)[0]).toMatchObject({ imageId: good[2], basis: { kind: 'set', count: 9 } });
    expect(inspectionsOf(second.message)[0]?.score).toBeCloseTo(item?.score ?? NaN, 6);
    const third = await ask(conversationId, 'What could have caused it?', { parentId: second.message.id });
    expect(inspectionsOf(third.message)).toEqual([]);
  });

  test('another answer to it does not look at all of them again', async () => {
    const json = { conversationId, trigger: 'regenerate', parentId: first.questionId, settings };
    const again = await read(await call(chat, '/api/chat', { json }));
    expect(sheetOf(again.message)).toEqual(sheetOf(first.message));
    expect(again.stages.filter((stage) => stage.startsWith('comparing'))).toEqual([]);
  });

  test('goes into Markdown and PDF as a table with a sentence', async () => {
    const download = async (format: string) =>
      Buffer.from(
        await (
          await call(exportRoute, `/x?format=${format}&leaf=${first.message.id}`, { params: { id: conversationId } })
        ).arrayBuffer(),
      );
    const markdown = (await download('md')).toString();
    expect(markdown).toContain('**1 of 9 images stands out.');
    expect(markdown).toMatch(
      /\| 1 \| scratched\.png \| anomalous \| [01]\.\d\d \| [^|]* \| its set \\\(9 images\\\) \|/,
    );
    const text = pdfText(await download('pdf'));
    expect(text).toContain('1 of 9 images stands out');
    expect(text).toContain('scratched.png');
  });

  test('is shown by a link without names, and a copy of it goes on with the same verdicts', async () => {
    const json = { conversationId, leafId: first.message.id };
    const { token } = shareCreatedSchema.parse(await (await call(shareRoute, '/x', { json })).json());
    const row = await openShare(token, null);
    const shared = await readSharedConversation(row);
    expect(JSON.stringify(shared.messages)).not.toMatch(/flange-|scratched/);
    const [sheet] = shared.messages.flatMap((message) => toSharedMessage(message, shared.images).sheets);
    expect(sheet?.items).toHaveLength(10);
    expect(sheet?.names[bad]).toMatch(/^Image \d+$/);

    const userId = newId();
    await database().user.create({ data: { id: userId, name: 'Colleague', role: 'engineer' } });
    const copy = await readConversation({ userId }, await forkShare({ userId }, row));
    const copied = copy.messages.flatMap(
      ({ parts }) => parts.find((part) => part.type === 'data-sheet')?.data ?? [],
    )[0];
    const [worst] = copied?.items ?? [];
    expect(worst?.imageId).not.toBe(bad);
    const inspection = await findInspection({ userId }, worst?.inspectionId ?? '');
    expect(inspection?.imageId).toBe(worst?.imageId);
    expect(inspection?.payload).toMatchObject({
      imageId: worst?.imageId,
      frozen: { basis: { kind: 'set', count: 9 } },
    });
    expect(inspection?.referenceKey).toMatch(/^set /);
  });
});

test('images that do not show things of one kind are not judged among each other', async () => {
  const images = [];
  for (const seed of [21, 22, 23]) {
    images.push(await send(await makeFlange(seed), `flange-${seed}.png`));
  }
  for (const file of ['cracked-cookie.jpg', 'whole-cookie.jpg', 'marked-cube.jpg', 'clean-cube.jpg']) {
    images.push(await send(readFileSync(join(process.cwd(), 'public/samples', file)), file));
  }
  images.push(await send(await makePng(5, 300, 200), 'squares.png'));
  const { message } = await ask(newId(), 'Which of these stand out?', { images });
  const sheet = sheetOf(message);
  expect(sheet?.items.map(({ basis }) => basis.kind)).toEqual(images.map(() => 'zero-shot'));
  expect(sheet && describeSheet(sheet)).toMatch(
    /^These 8 images do not show things of one kind, so they were not judged among each other\./,
  );
});
