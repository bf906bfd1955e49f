import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { parse } from 'yaml';
import { Engine } from '@/lib/engine/worker/client';
import { answerWith } from '@/lib/engines/answer';
import type { TurnEvent, TurnMessage } from '@/lib/turn/types';
import { type ChatServer, answering, remoteAt, startChatServer } from '../support/chat-server';

/**
 * The systems of the papers are asked as docs/engines.md says: its own table is read here, and what arrives is looked
 * at.
 */
jest.setTimeout(300_000);
const images = join(__dirname, '../fixtures/images');
const QUESTION = "Are there any defects for the object in the image? Please reply with 'Yes' or 'No'.";
const local = new Engine();
let server: ChatServer;
let settings: Record<string, { sends: { crops: number; references: number; map?: boolean } }>;

beforeAll(async () => {
  server = await startChatServer(answering('Yes.'));
  const page = await readFile(join(__dirname, '../../docs/engines.md'), 'utf8');
  const section = page.slice(page.indexOf('### The systems of the papers'));
  settings = Object.fromEntries(
    [...section.matchAll(/^\| ([\w-]+) \|[^|]+\| `(sends: \{[^`]+\})`/gm)].map(([, system = '', text = '']) => [
      system,
      parse(text) as (typeof settings)[string],
    ]),
  );
});
afterAll(() => Promise.all([server.close(), local.close()]));

const image = (name: string) => ({ id: name, name, source: { path: join(images, name) } });
const PART = image('cookie-cracked-1.jpg');
const GOOD = image('cube-normal-1.jpg');

/** Asks a system as its row says; returns what the server was sent, and the events of the answer. */
async function askSystem(system: string, messages: TurnMessage[]) {
  server.received.length = 0;
  const engine = remoteAt(server.url, { prompt: 'plain', ...(settings[system] as object) });
  const events: TurnEvent[] = [];
  const { context } = await answerWith(
    engine,
    { messages, focus: null, settings: {} },
    { key: 'test', onEvent: (event) => 'type' in event && events.push(event) },
    local,
  );
  const sent = server.received[0]?.body['messages'] as {
    role: string;
    content: string | { type: string; text?: string; image_url?: { url: string } }[];
  }[];
  return { sent, events, context };
}

const asked = (text = QUESTION): TurnMessage => ({ role: 'user', text, images: [PART], references: [GOOD] });

/**
 * Whether a picture is the part's, the good one's, or the map: that one is grey, the others have their pictures'
 * shapes.
 */
async function nameOf(url: string): Promise<string> {
  const [head = '', data = ''] = url.split(',');
  if (head.includes('image/png')) {
    return 'map';
  }
  const shape = async (file: Parameters<typeof sharp>[0]) => {
    const { width, height } = await sharp(file).metadata();
    return width / height;
  };
  const own = await shape(Buffer.from(data, 'base64'));
  const [part, good] = [await shape(PART.source.path), await shape(GOOD.source.path)];
  return Math.abs(own - part) < Math.abs(own - good) ? 'part' : 'good one';
}

it.each([
  ['GPT-4o', ['part']],
  ['LLaVA-OneVision', ['part']],
  ['AnomalyGPT', ['part', 'good one', 'map']],
  ['Myriad', ['part', 'map']],
  ['LISA', ['part']],
])('%s is sent its pictures in the order that the page says, and the question alone', async (system, pictures) => {
  const { sent } = await askSystem(system, [asked()]);
  expect(sent.map(({ role }) => role)).toEqual(['user']);
  const content = sent.flatMap((message) => (typeof message.content === 'string' ? [] : message.content));
  const names = await Promise.all(
    content.flatMap(({ image_url: picture }) => (picture === undefined ? [] : [nameOf(picture.url)])),
  );
  expect(names).toEqual(pictures);
  const texts = sent.flatMap((message) =>
    typeof message.content === 'string' ? [message.content] : message.content.flatMap(({ text }) => text ?? []),
  );
  expect(texts).toEqual([QUESTION]);
});

it('where LISA writes [SEG], our expert draws its mask, and nobody reads the token', async () => {
  server.behave(answering('Yes.'));
  const { context } = await askSystem('LISA', [asked()]);
  const before: TurnMessage[] = [asked(), { role: 'assistant', text: 'Yes.', context }];
  server.behave(answering('Sure, it is ', '[SE', 'G].'));
  const follow: TurnMessage = { role: 'user', text: 'Please segment the defect.', images: [], references: [] };
  const { events } = await askSystem('LISA', [...before, follow]);
  const text = events.flatMap((event) => (event.type === 'text' ? [event.delta] : [])).join('');
  expect(text).toBe('Sure, it is .');
  expect(events.filter(({ type }) => type === 'mask')).toHaveLength(1);

  server.behave(answering('There is nothing to show.'));
  const without = await askSystem('LISA', [...before, follow]);
  expect(without.events.filter(({ type }) => type === 'mask')).toHaveLength(0);
});
