import fc from 'fast-check';
import { NameIndex, nameForms } from '@/lib/datasets/readers/name-index';

const index = (...files: string[]) => new NameIndex(files);
const nasty = fc
  .string({
    unit: fc.constantFrom('a', 'A', 'é', 'e\u0301', 'ß', '划', ' ', '#', '%20', '..', '-', "'", '😀', 'İ'),
    minLength: 1,
    maxLength: 6,
  })
  .filter((text) => text.trim() === text && text !== '.' && text !== '..');
const file = fc
  .tuple(fc.array(nasty, { maxLength: 3 }), nasty)
  .map(([folders, name]) => [...folders, `${name}.png`].join('/'));

test('every file is found under its own name, whatever else the set has', () => {
  fc.assert(
    fc.property(fc.uniqueArray(file, { minLength: 1, maxLength: 8 }), (files) => {
      const all = index(...files);
      for (const name of files) {
        expect(all.findWhole(name)).toEqual({ path: name, by: 'exact' });
      }
    }),
  );
});

test('nothing but a file of the set is ever found', () => {
  fc.assert(
    fc.property(fc.uniqueArray(file, { maxLength: 6 }), fc.oneof(file, fc.string()), (files, name) => {
      const all = index(...files);
      for (const match of [all.findWhole(name, ['.', '..', 'a']), all.findEnd(name), all.findStem(name)]) {
        const found = match === undefined ? [] : 'path' in match ? [match.path] : match.among;
        expect(files).toEqual(expect.arrayContaining([...found]));
      }
    }),
  );
});

test('other Unicode forms and letter cases, where one file fits', () => {
  expect(index('é.png'.normalize('NFD')).findWhole('é.png'.normalize('NFC'))).toMatchObject({ by: 'form' });
  expect(index('A.JPG').findWhole('a.jpg')).toEqual({ path: 'A.JPG', by: 'case' });
  expect(index('A.jpg', 'a.JPG').findWhole('a.jpg')).toEqual({ among: ['A.jpg', 'a.JPG'] });
});

test.each([
  ['/home/me/set/images/a.png', 'images/a.png'],
  ['C:\\set\\images\\a.png', 'images/a.png'],
  ['../../elsewhere/images/a.png', 'images/a.png'],
  ['s3://bucket/x/images/a.png', 'images/a.png'],
  ['https://host/images/a.png?token=1#x', 'images/a.png'],
  ['/data/local-files/?d=x/images/a.png', 'images/a.png'],
  ['/data/upload/3/0f1e2d3c-a.png', undefined],
  ['other/c.png', 'x/c.png'],
])('the end of %s', (name, found) => {
  const match = index('images/a.png', 'masks/a.png', 'x/c.png').findEnd(name);
  expect(match !== undefined && 'path' in match ? match.path : undefined).toBe(found);
});

test('a name without an ending, and files that are somebody else’s', () => {
  expect(index('x/a.png').findEnd('a')).toEqual({ path: 'x/a.png', by: 'end' });
  expect(index('x/a.png').findEnd('a.png', () => false)).toBeUndefined();
  expect(index('JPEGImages/a.jpg', 'other/a.png').findStem('a', ['JPEGImages'])).toEqual({
    path: 'JPEGImages/a.jpg',
    by: 'end',
  });
});

test('forms of a name', () => {
  expect(nameForms('a b#1%20.png')).toContain('a b#1%20.png');
  expect(nameForms('/data/upload/1/0f1e2d3c-a%20b.png')).toContain('data/upload/1/a b.png');
});
