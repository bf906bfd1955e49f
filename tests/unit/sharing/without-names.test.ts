import fc from 'fast-check';
import { newId, type StoredMessage } from '@/lib/assistant/contract';
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
  return { images, hidden: withoutNames({ title: say(names[0] ?? ''), messages }, images) };
}

/** File names of letters, digits and spaces with an ending, as people and cameras give them. */
const fileName = fc
  .tuple(fc.stringMatching(/^[a-z0-9][a-z0-9 _()-]{0,12}[a-z0-9]$/), fc.constantFrom('jpg', 'png', 'tiff'))
  .map(([stem, ending]) => `${stem}.${ending}`);

test('no file name is left, in whatever place, word or mention it stood', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fileName, { minLength: 1, maxLength: 4 }), (names) => {
      const say = (name: string) => `Compare ${name} with #${name.replace(/\s+/g, '-')}, please.`;
      const text = JSON.stringify(conversation(names, say).hidden);
      for (const name of names) {
        expect([name, text.includes(name)]).toEqual([name, false]);
      }
    }),
  );
});

test('a title that begins with the name of the image does not tell it, whole or cut', () => {
  const images = [{ id: newId(), name: 'Housing.png' }];
  const titled = (title: string) => withoutNames({ title, messages: [] }, images).title;
  expect(titled('Housing: Is it good?')).toBe('Image 1: Is it good?');
  expect(titled('Housing')).toBe('Image 1');
  expect(titled('Hous…')).toBe('Image 1');
  expect(titled('Is the Housing good?')).toBe('Is the Housing good?');
  fc.assert(
    fc.property(fileName, (name) => {
      const stem = name.replace(/\.[a-z]+$/, '');
      const { title } = withoutNames({ title: `${stem}: Why?`, messages: [] }, [{ id: newId(), name }]);
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
