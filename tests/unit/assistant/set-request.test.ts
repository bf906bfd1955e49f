import { newId, type ImagePart, type SheetPart, type StoredMessage } from '@/lib/contract';
import { composeTurn } from '@/lib/assistant/answers/turn-request';
import { frozenOf, toPayload } from '@/lib/images/frozen-payload';

const images = Array.from({ length: 20 }, (_, index): ImagePart => ({
  imageId: newId(),
  role: 'subject',
  name: `p${index}.png`,
  width: 9,
  height: 9,
}));

function message(role: 'user' | 'assistant', ...parts: StoredMessage['parts']): StoredMessage {
  return {
    ...{ id: newId(), role, parts },
    metadata: { parentId: null, createdAt: new Date().toISOString(), state: 'complete' },
  };
}
const text = (words: string) => ({ type: 'text' as const, text: words });
const question = (words: string, ...own: ImagePart[]) =>
  message('user', ...own.map((data) => ({ type: 'data-image' as const, data })), text(words));
const sheet = (at: number): SheetPart => ({ items: [], failed: [], subjectId: images[at]?.imageId ?? null });
const sheetAnswer = (at: number) => message('assistant', { type: 'data-sheet', data: sheet(at) }, text('Yes.'));

async function compose(branch: StoredMessage[], latest?: SheetPart) {
  const toImage = ({ imageId, name }: ImagePart) =>
    Promise.resolve({ id: imageId, name, source: { bytes: new Uint8Array() } });
  const request = await composeTurn(
    branch.map((each) => ({ message: each, context: null })),
    toImage,
    {},
    '',
    latest,
  );
  const names = request.messages.map((each) => (each.role === 'user' ? each.images.map(({ name }) => name) : []));
  return { names, focus: request.focus };
}

test('of a set the model is shown the one image that its sheet names', async () => {
  const { names, focus } = await compose([question('Which stand out?', ...images)], sheet(7));
  expect(names).toEqual([['p7.png']]);
  expect(focus).toBe(images[7]?.imageId);
});

test('another image of it is shown when a later question names it, and only then', async () => {
  const branch = [question('Which stand out?', ...images), sheetAnswer(7)];
  expect((await compose([...branch, question('Why?')])).names).toEqual([['p7.png'], [], []]);
  const { names, focus } = await compose([...branch, question('And #p3.png?')]);
  expect(names).toEqual([['p7.png'], [], ['p3.png']]);
  expect(focus).toBe(images[3]?.imageId);
  const told = [...branch, question('And #p3.png?'), message('assistant', text('It is fine.')), question('Why?')];
  expect((await compose(told)).names).toEqual([['p7.png'], [], ['p3.png'], [], []]);
});

test('a set whose sheet did not come to be is not put into the prompt', async () => {
  const stopped = message('assistant', text(''));
  expect((await compose([question('All?', ...images), stopped, question('Why #p2.png?')])).names).toEqual([
    [],
    [],
    ['p2.png'],
  ]);
});

test('a comparison comes back from its row as it was, and a row without one has none', () => {
  const deviations = Float32Array.of(0.5, -Infinity, 3.25, 1e-7);
  const frozen = { basis: { kind: 'set' as const, count: 9 }, comparison: { references: 9, score: 1.5, deviations } };
  const payload: unknown = JSON.parse(JSON.stringify({ imageId: 'x', frozen: toPayload(frozen) }));
  expect(frozenOf(payload)).toEqual(frozen);
  expect(frozenOf({ imageId: 'x' })).toBeNull();
  expect(frozenOf(null)).toBeNull();
});
