import { newId, type ImagePart, type StoredMessage } from '@/lib/contract';
import { readTurnContext } from '@/lib/assistant/answers/turn-context';

function image(name: string, role: ImagePart['role'] = 'subject'): ImagePart {
  return { imageId: newId(), role, name, width: 10, height: 10 };
}

function user(text: string, ...images: ImagePart[]): StoredMessage {
  return {
    id: newId(),
    role: 'user',
    parts: [...images.map((data) => ({ type: 'data-image' as const, data })), { type: 'text', text }],
    metadata: { parentId: null, createdAt: new Date().toISOString(), state: 'complete' },
  };
}

const [a, b, c] = [image('a.png'), image('b.png'), image('c.png')];
const good = image('good.png', 'reference');

test('a question is about its own images', () => {
  expect(readTurnContext([user('First?', a), user('And these?', b, c)])).toMatchObject({
    subjects: [b, c],
    references: [],
  });
});

test('a follow-up is about the latest image, with the references of before', () => {
  expect(readTurnContext([user('First?', a), user('Compare', b, good), user('Why?')])).toMatchObject({
    subjects: [b],
    references: [good],
  });
});

test('a mention chooses an earlier image', () => {
  expect(readTurnContext([user('First?', a), user('Second?', b), user('What about #a.png?')])).toMatchObject({
    subjects: [a],
  });
});

test('an image alone is inspected', () => {
  expect(readTurnContext([user('', a)]).question).toMatch(/anomaly/);
});

test('/compare takes marked references, else the images after the first', () => {
  expect(readTurnContext([user('/compare', good, a)])).toMatchObject({
    command: 'compare',
    subjects: [a],
    references: [good],
  });
  expect(readTurnContext([user('/compare', a, b, c)])).toMatchObject({ subjects: [a], references: [b, c] });
  expect(readTurnContext([user('x', a), user('y', b), user('/compare #b.png #a.png')])).toMatchObject({
    subjects: [b],
    references: [a],
  });
  expect(() => readTurnContext([user('/compare', a)])).toThrow(/needs a normal image/);
});

test('a command without an image says what to do; a question without one is only a question', () => {
  expect(() => readTurnContext([user('/segment')])).toThrow(
    '/segment needs an image: attach one or mention one with #',
  );
  expect(readTurnContext([user('Hello?')])).toMatchObject({ subjects: [], references: [], question: 'Hello?' });
});
