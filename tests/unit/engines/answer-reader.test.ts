import fc from 'fast-check';
import { plainReader, structuredReader } from '@/lib/engines/remote/answer-reader';

async function read(reader: ReturnType<typeof plainReader>, pieces: readonly string[]) {
  let shown = '';
  for (const piece of pieces) {
    shown += await reader.push(piece);
  }
  const { rest, answer } = await reader.end();
  return { shown: shown + rest, answer };
}

const value = {
  verdict: 'anomalous',
  answer: 'Yes, there is a "crack" in the upper left.\nIt is rough.',
  findings: [{ label: 'crack', place: 'upper left', bbox_2d: [1, 2, 30, 40], confidence: 0.9 }],
};

describe('an answer in JSON', () => {
  it('is shown as text while it comes, however it is cut, and gives verdict and boxes', async () => {
    const text = JSON.stringify(value);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }), async (cuts) => {
        const pieces: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn += 1) {
          const length = cuts[turn % cuts.length] ?? 1;
          pieces.push(text.slice(at, at + length));
          at += length;
        }
        const { shown, answer } = await read(structuredReader(), pieces);
        expect(shown).toBe(value.answer);
        expect(answer.verdict).toBe('yes');
        expect(answer.boxes).toEqual([{ corners: [1, 2, 30, 40], label: 'crack', key: 'bbox_2d' }]);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['normal', 'no'],
    ['unsure', 'unsure'],
    ['not asked', null],
  ])('reads the verdict %s', async (verdict, said) => {
    const { answer } = await read(structuredReader(), [JSON.stringify({ ...value, verdict })]);
    expect(answer.verdict).toBe(said);
  });

  it.each(['Yes, there is a crack.', '{"message": "no such field"}', '', '[1, 2'])(
    'is read as text where the server does not keep to the schema: %s',
    async (text) => {
      const { shown, answer } = await read(structuredReader(), [text]);
      expect(shown).toBe(text);
      expect(answer.text).toBe(text);
      expect(answer.verdict).toBeUndefined();
    },
  );

  it('keeps what came of one that was cut off', async () => {
    const { shown } = await read(structuredReader(), [JSON.stringify(value).slice(0, 60)]);
    expect(value.answer.startsWith(shown)).toBe(true);
    expect(shown.length).toBeGreaterThan(10);
  });
});

describe('thoughts', () => {
  const long = 'Hmm, a crack? [1] {"bbox": [1, 2, 3, 4]} '.repeat(400);
  const cut = (text: string, length: number) => text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? [];

  it.each([1, 7, 100_000])('are never shown, however long they are, in pieces of %i', async (length) => {
    const text = `<think>${long}</think>\n\nYes, <thinking>${long}</thinking>a crack.`;
    const { shown, answer } = await read(plainReader(), cut(text, length));
    expect(shown).toBe('\n\nYes, a crack.');
    expect(answer).toMatchObject({ text: shown, boxes: [], thought: true });
  });

  it('are not shown either when the answer is over before they are', async () => {
    const { shown, answer } = await read(plainReader(), cut(`<think>${long}</thi`, 9));
    expect([shown, answer.text, answer.thought]).toEqual(['', '', true]);
  });

  it('may stand before JSON', async () => {
    const { shown, answer } = await read(structuredReader(), cut(`<think>${long}</think>${JSON.stringify(value)}`, 11));
    expect(shown).toBe(value.answer);
    expect(answer).toMatchObject({ verdict: 'yes', thought: true });
    expect(answer.boxes).toHaveLength(1);
  });

  it.each(['I think <thin', 'a <thinker> b', 'x </think> y'])('are not what only looks like one: %s', async (text) => {
    const { shown, answer } = await read(plainReader(), cut(text, 3));
    expect([shown, answer.thought]).toEqual([text, false]);
  });
});

it('takes boxes and mask tokens out of text', async () => {
  const { shown, answer } = await read(plainReader(), ['A crack <seg> here.', ' [{"bbox": [1, 2, 3, 4]}]']);
  expect(shown).toBe('A crack  here. ');
  expect([answer.segs, answer.boxes.length]).toEqual([1, 1]);
});
