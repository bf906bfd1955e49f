import { Prisma } from './generated/client';

/** All letters that are the same but for case, one code point each. */
function caseVariants(letter: string): string[] {
  const turned = [letter.toLowerCase(), letter.toUpperCase()];
  const again = turned.flatMap((each) => [each.toLowerCase(), each.toUpperCase()]);
  // The sigma at the end of a Greek word has the same capital.
  const sigma = again.includes('σ') ? ['ς'] : [];
  return [...new Set([letter, ...turned, ...again, ...sigma])].filter((each) => [...each].length === 1);
}

const SPECIAL = /[*?[\]^-]/;

/** A pattern of SQLite's GLOB for a text that holds `word` literally, whatever the case of its letters. */
export function globOf(word: string): string {
  const signs = [...word].map((sign) => {
    const variants = caseVariants(sign);
    if (variants.length > 1) {
      return `[${variants.join('')}]`;
    }
    // A closing bracket stands for itself outside of brackets.
    return SPECIAL.test(sign) && sign !== ']' ? `[${sign}]` : sign;
  });
  return `*${signs.join('')}*`;
}

/**
 * SQL for "the column holds all of the words", literally, ignoring case in every script, and whether letters with accents are one sign or two. LIKE knows the case of
 * ASCII only. A column of normalised text would be quicker on very large histories.
 */
export function holdsAll(column: Prisma.Sql, words: readonly string[]): Prisma.Sql {
  return Prisma.join(
    words.map((word) => {
      const forms = [...new Set([word.normalize('NFC'), word.normalize('NFD')])];
      const either = forms.map((form) => Prisma.sql`${column} GLOB ${globOf(form)}`);
      return Prisma.sql`(${Prisma.join(either, ' OR ')})`;
    }),
    ' AND ',
  );
}
