import { createClient } from '@libsql/client';
import fc from 'fast-check';
import { database } from '@/lib/database/client';
import { searchConversations } from '@/lib/database/conversation-list';
import { globOf, regexOf } from '@/lib/database/match-text';
import { onServer } from '../support/postgresql';
import { useDataDirectory } from '../support/data-directory';

useDataDirectory();
const sqlite = createClient({ url: ':memory:' });
afterAll(() => sqlite.close());

const owner = { userId: 'o' };
let last = 0;

async function tell(title: string, text: string): Promise<string> {
  const id = `c${(last += 1)}`;
  await database().conversation.create({
    data: {
      id,
      ownerId: 'o',
      title,
      messages: { create: { id: `m${last}`, role: 'user', state: 'complete', parts: [], text } },
    },
  });
  return id;
}

beforeAll(async () => {
  await database().user.create({ data: { id: 'o', name: 'o' } });
});

test.each([
  ['ΣΊΣΥΦΟΣ', 'ο Σίσυφος'],
  ['Ölfleck', 'ein ÖLFLECK am Rand'],
  ['трещина', 'ТРЕЩИНА в сварном шве'],
  ['İstanbul', 'in İstanbul gemessen'],
  ['caf\u0065\u0301', 'a CAFÉ'],
  ['划痕', '表面有划痕。'],
  ['100%_', 'at 100%_ load'],
  ['a.c', 'see a.c only'],
  ['[x]*', 'part [x]* here'],
  ['\\d', 'a \\d in it'],
])('%s is found in "%s"', async (word, text) => {
  const [byText, byTitle] = [await tell('other', text), await tell(text, 'other')];
  const found = (await searchConversations(owner, [word], 100)).map(({ conversationId }) => conversationId);
  expect(found).toEqual(expect.arrayContaining([byText, byTitle]));
});

test('special signs are signs', async () => {
  const id = await tell('other', 'abc and 100x and 7');
  for (const word of ['a.c', '100%', 'ab*', '\\d', 'a|b', '(abc)']) {
    const found = (await searchConversations(owner, [word], 100)).map(({ conversationId }) => conversationId);
    expect(found).not.toContain(id);
  }
});

const letters = fc.constantFrom(...'aAbBéÉßẞſsSσςΣıiIİKk\u212AжЖ中.*[]?^$-\\%_(){}|+ \'"#ǅǆǄﬁ🙂\u0301');
const texts = fc.array(letters, { maxLength: 12 }).map((signs) => signs.join(''));

test('both databases find the same', async () => {
  await onServer(process.env.DATABASE_URL ?? '', 'CREATE TABLE probe (text TEXT COLLATE "C")');
  await onServer(process.env.DATABASE_URL ?? '', 'CREATE INDEX ON probe USING gin (text gin_trgm_ops)');
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 6 }), texts, fc.nat(8), async (all, other, cut) => {
      const word = ((all[0] ?? '').slice(cut) || other || 'a').normalize('NFC');
      const rows = all.map((text) => text.normalize('NFC'));
      const [theirs] = await database().$transaction([
        database().$queryRawUnsafe<{ hits: number[] }[]>(
          `SELECT array_agg(t.i::int ORDER BY t.i) AS hits FROM unnest($1::text[]) WITH ORDINALITY AS t(s, i) WHERE t.s COLLATE "C" ~ $2`,
          rows,
          regexOf(word),
        ),
      ]);
      const hits: number[] = [];
      for (const [index, row] of rows.entries()) {
        const { rows: answer } = await sqlite.execute({ sql: 'SELECT ? GLOB ?', args: [row, globOf(word)] });
        if (Number(answer[0]?.[0]) === 1) {
          hits.push(index + 1);
        }
      }
      expect([word, rows, theirs?.[0]?.hits ?? []]).toEqual([word, rows, hits]);
    }),
    { numRuns: 150 },
  );
});

test('the index finds what a scan finds', async () => {
  const url = process.env.DATABASE_URL ?? '';
  const samples = fc.sample(texts, 3000).map((text) => text.replaceAll("'", "''"));
  await onServer(
    url,
    `INSERT INTO probe VALUES ${samples.map((text) => `(E'${text.replaceAll('\\', '\\\\')}')`).join(',')}`,
  );
  for (const word of fc
    .sample(texts, 80)
    .map((text) => text.slice(0, 5))
    .filter((text) => text !== '')) {
    const pattern = regexOf(word).replaceAll("'", "''").replaceAll('\\', '\\\\');
    const count = (on: string, off: string) =>
      onServer<{ count: string }>(
        url,
        `SET enable_${off} = off; SET enable_${on} = on; SELECT count(*) FROM probe WHERE text ~ E'${pattern}'`,
      );
    expect([word, await count('bitmapscan', 'seqscan')]).toEqual([word, await count('seqscan', 'bitmapscan')]);
  }
});
