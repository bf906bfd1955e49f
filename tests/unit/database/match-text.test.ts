import { createClient } from '@libsql/client';
import fc from 'fast-check';
import { globOf } from '@/lib/database/match-text';

const client = createClient({ url: ':memory:' });
afterAll(() => client.close());

async function holds(text: string, word: string): Promise<boolean> {
  const { rows } = await client.execute({ sql: 'SELECT ? GLOB ? AS hit', args: [text, globOf(word)] });
  return rows[0]?.hit === 1;
}

describe('search in texts (case u03)', () => {
  it.each([
    ['ÜBERPRÜFUNG Naht', 'überprüfung'],
    ['überprüfung', 'ÜBERPRÜFUNG'],
    ['ПРОВЕРКА ДЕТАЛИ', 'проверка'],
    ['ΕΛΕΓΧΟΣ', 'έλεγχος'.normalize('NFD').replace(/\u0301/g, '')],
    ['100 % a_b [x] *?', '100 %'],
    ['100 % a_b [x] *?', 'A_B [X] *?'],
    ['a^b-c]d', 'B-C]D'],
    ['a^b-c]d', '^b-'],
  ])('finds in "%s": %s', async (text, word) => {
    expect(await holds(text, word)).toBe(true);
  });

  it.each([
    ['axb', 'a_b'],
    ['ab', 'a*b'],
    ['axb', 'a?b'],
    ['b', '[abc]'],
    ['100', '%'],
  ])('takes signs literally: "%s" does not hold %s', async (text, word) => {
    expect(await holds(text, word)).toBe(false);
  });

  it('finds every part of every text, in either case', async () => {
    const text = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }).filter((value) => !value.includes('\0'));
    await fc.assert(
      fc.asyncProperty(text, text, text, async (before, word, after) => {
        expect(await holds(before + word + after, word)).toBe(true);
        const turned = [...word].map((sign) => ([...sign.toUpperCase()].length === 1 ? sign.toUpperCase() : sign));
        const back = [...word].every((sign, i) => sign.toLowerCase() === turned[i]?.toLowerCase());
        expect(!back || (await holds(before + turned.join('') + after, word))).toBe(true);
      }),
    );
  });
});
