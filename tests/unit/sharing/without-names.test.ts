import fc from 'fast-check';
import { newId, type StoredMessage } from '@/lib/contract';
import { withoutNames } from '@/lib/sharing/without-names';

function conversation(names: string[], say: (name: string) => string) {
  const images = names.map((name) => ({ id: newId(), name }));
  const messages = images.map(({ id, name }): StoredMessage => ({
    id: newId(),
    role: 'user',
    parts: [
      { type: 'text', text: say(name) },
      { type: 'data-image', data: { imageId: id, role: 'subject', name, width: 1, height: 1 } },
      { type: 'data-sources', data: [{ kind: 'image', id, title: name }] },
    ],
    metadata: { parentId: null, createdAt: '2026-11-24T12:00:00.000Z', state: 'complete' },
  }));
  return { images, hidden: withoutNames({ title: say(names[0] ?? ''), messages, contexts: {} }, images) };
}

/** File names of letters, digits and spaces with an ending, as people and cameras give them. */
const fileName = fc
  .tuple(fc.stringMatching(/^[a-z0-9][a-z0-9 _()-]{0,12}[a-z0-9]$/), fc.constantFrom('jpg', 'png', 'tiff'))
  .map(([stem, ending]) => `${stem}.${ending}`);

test('no file name is left, in whatever place, word or mention it stood', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fileName, { minLength: 1, maxLength: 4 }), (names) => {
      const say = (name: string) => `Compare ${name} with #${name.replace(/\s+/g, '-').toUpperCase()}, please.`;
      const text = JSON.stringify(conversation(names, say).hidden);
      for (const name of names) {
        expect([name, text.toLowerCase().includes(name)]).toEqual([name, false]);
      }
    }),
  );
});

test('a title that begins with the name of the image does not tell it, whole or cut', () => {
  const images = [{ id: newId(), name: 'Housing.png' }];
  const titled = (title: string) => withoutNames({ title, messages: [], contexts: {} }, images).title;
  expect(titled('Housing: Is it good?')).toBe('Image 1: Is it good?');
  expect(titled('Housing')).toBe('Image 1');
  expect(titled('Hous…')).toBe('Image 1');
  expect(titled('Is the Housing good?')).toBe('Is the Housing good?');
  fc.assert(
    fc.property(fileName, (name) => {
      const stem = name.replace(/\.[a-z]+$/, '');
      const { title } = withoutNames({ title: `${stem}: Why?`, messages: [], contexts: {} }, [{ id: newId(), name }]);
      expect(title).toBe('Image 1: Why?');
    }),
  );
});

test('images are called by their number, and a plain word stays what it was', () => {
  const { hidden } = conversation(['image', 'Housing 7.png'], (name) => `Is the image ${name} good?`);
  expect(hidden.messages.map(({ parts }) => parts[0])).toEqual([
    { type: 'text', text: 'Is the image image good?' },
    { type: 'text', text: 'Is the image Image 2 good?' },
  ]);
  expect(hidden.messages[0]?.parts[1]).toMatchObject({ data: { name: 'Image 1' } });
});

/** A question about a data set, the card that answers it, and two answers: one tells a path, one does not. */
function aboutSet(name: string, paths: string[]) {
  const metadata = { createdAt: '2026-11-24T12:00:00.000Z', state: 'complete' as const };
  const [question, answer, other] = [newId(), newId(), newId()];
  const rows = paths.map((path) => ({ itemId: newId(), imageId: newId(), cells: [path, 'normal', '0.90'] }));
  const card = {
    ...{ datasetId: newId(), name, columns: ['Item', 'Label', 'Score'], rows },
    ...{ kind: 'similar' as const, title: `Items that look most like ${paths[0] ?? ''}` },
    evidence: ` [data set ${name}: first ${paths[0] ?? ''}]`,
  };
  const types = { itemId: null, imageId: null, cells: ['scratch', '3'] };
  const messages: StoredMessage[] = [
    {
      ...{ id: question, role: 'user' },
      parts: [{ type: 'text', text: `What is like ${paths[0] ?? ''} in @${name.toUpperCase()}?` }],
      metadata: { ...metadata, parentId: null },
    },
    {
      ...{ id: answer, role: 'assistant' },
      parts: [
        { type: 'data-dataset', data: card },
        { type: 'data-dataset', data: { ...card, kind: 'types', title: 'Types', rows: [types] } },
        { type: 'text', text: `It is ${paths[1] ?? ''}.` },
      ],
      metadata: { ...metadata, parentId: question },
    },
    {
      ...{ id: other, role: 'assistant' },
      parts: [{ type: 'text', text: 'It failed.' }],
      metadata: {
        ...{ ...metadata, parentId: question, state: 'failed' },
        error: { code: 'internal', message: `${paths[0] ?? ''}: The image is damaged.` },
      },
    },
  ];
  const context = { transcript: `It is ${paths[1] ?? ''}.`, pieces: [{ tokens: [1, 2] }] };
  const evidence = { transcript: '', pieces: [{ tokens: [3] }, { spliced: card.evidence }] };
  const contexts = { [answer]: context, [other]: evidence };
  return { answer, other, hidden: withoutNames({ title: `@${name} and its items`, messages, contexts }, []) };
}

test('a data set and its items are called by number in cards, words, errors and contexts', () => {
  const { hidden, answer, other } = aboutSet('parts', ['line 4/ACME-1.png', 'line 4/ACME-2.png']);
  expect(JSON.stringify(hidden)).not.toMatch(/parts\b(?!":)|acme|line 4/i);
  expect(hidden.title).toBe('a data set and its items');
  const [card, types] = hidden.messages[1]?.parts ?? [];
  expect(card).toMatchObject({
    data: {
      name: 'a data set',
      evidence: '',
      rows: [{ cells: ['Item 1', 'normal', '0.90'] }, { cells: ['Item 2', 'normal', '0.90'] }],
    },
  });
  expect(types).toMatchObject({ data: { title: 'Types', rows: [{ cells: ['scratch', '3'] }] } });
  expect(hidden.messages[0]?.parts).toEqual([{ type: 'text', text: 'What is like Item 1 in a data set?' }]);
  expect(hidden.messages[2]?.metadata.error?.message).toBe('Item 1: The image is damaged.');
  // The words of an answer that tells a name are in its context as tokens.
  expect(Object.keys(hidden.contexts)).toEqual([other]);
  expect(hidden.contexts[answer]).toBeUndefined();
  expect(hidden.contexts[other]).toEqual({
    transcript: '',
    pieces: [{ tokens: [3] }, { spliced: ' [a data set: first Item 1]' }],
  });
});

test('the machine that an engine was asked at stays out, in what went wrong there, too', () => {
  const host = '10.0.0.7:8000';
  const fallback = { to: 'embedded', reason: `Seer cannot be reached at ${host}: see whether its server runs.` };
  const message: StoredMessage = {
    id: newId(),
    role: 'assistant',
    parts: [{ type: 'data-engine', data: { name: 'seer', label: 'Seer', model: 'm', host, fallback } }],
    metadata: { parentId: null, createdAt: '2026-11-24T12:00:00.000Z', state: 'complete' },
  };
  const text = JSON.stringify(withoutNames({ title: 't', messages: [message], contexts: {} }, []));
  expect(text).not.toContain(host);
  expect(text).toContain('Seer cannot be reached at another machine');
});
