import { join } from 'node:path';
import { queueKey } from '@/lib/engine/rounds';
import { Engine } from '@/lib/engine/worker/client';
import type { TurnMessage } from '@/lib/turn/types';

/** Turns of several people at once, in the engine's own thread. */
jest.setTimeout(300_000);

const engine = new Engine();
afterAll(() => engine.close());

const ask = (name: string): TurnMessage[] => [
  {
    role: 'user',
    text: 'Are there any defects? If so, output the segmentation mask and suggest corrective actions.',
    images: [{ id: name, name, source: { path: join(__dirname, '../fixtures/images', name) } }],
    references: [],
  },
];

/** Runs a turn; notes in `order` when it looks, begins to write and ends. */
async function turn(person: string, name: string, order: string[], signal?: AbortSignal, onText = () => {}) {
  let text = '';
  const areas: number[] = [];
  const note = (what: string) => {
    if (!order.includes(`${person} ${what}`)) {
      order.push(`${person} ${what}`);
    }
  };
  const result = await engine.turn(
    { messages: ask(name), focus: name, settings: { temperature: 0, maxTokens: 60 } },
    {
      key: queueKey(person, name),
      signal,
      onEvent(event) {
        if ('type' in event && event.type === 'status') {
          note(event.stage);
        } else if ('type' in event && event.type === 'text') {
          text += event.delta;
          onText();
        } else if ('type' in event && event.type === 'mask') {
          areas.push(event.rle.counts.reduce((sum, count, i) => sum + (i % 2) * count, 0));
        }
      },
    },
  );
  note('ends');
  return { text, areas, result };
}

const PICTURES = ['cookie-cracked-1.jpg', 'cube-abnormal-1.jpg', 'cookie-cracked-2.jpg'];

test('one is looked at while others are written, and all get the masks that they get alone', async () => {
  const apart: Awaited<ReturnType<typeof turn>>[] = [];
  for (const name of PICTURES) {
    apart.push(await turn('nobody', name, []));
  }
  const order: string[] = [];
  const together = await Promise.all(PICTURES.map((name, i) => turn(`p${i}`, name, order)));
  expect(order.indexOf('p1 writing')).toBeLessThan(order.indexOf('p0 ends'));
  expect(order.indexOf('p2 writing')).toBeLessThan(order.indexOf('p1 ends'));
  for (const [i, { text, areas, result }] of together.entries()) {
    expect(text.trim()).not.toBe('');
    expect(areas).toHaveLength(apart[i]?.areas.length ?? NaN);
    expect(result.finishReason).toMatch(/stop|length/u);
    // The same place, up to what the words before it shift.
    areas.forEach((area, at) => {
      expect(area).toBeGreaterThan(0.5 * (apart[i]?.areas[at] ?? NaN));
      expect(area).toBeLessThan(2 * (apart[i]?.areas[at] ?? NaN));
    });
  }
  expect(engine.status()).toMatchObject({ busy: false, waiting: 0 });
});

test('one that is stopped leaves the others to their ends', async () => {
  const controller = new AbortController();
  const stopped = turn('ada', PICTURES[0] ?? '', [], controller.signal, () => controller.abort());
  const others = Promise.all(['bob', 'cem'].map((person, i) => turn(person, PICTURES[i + 1] ?? '', [])));
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  for (const { text } of await others) {
    expect(text.trim()).not.toBe('');
  }
  expect(engine.status()).toMatchObject({ busy: false, waiting: 0 });
});
