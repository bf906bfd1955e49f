import { Prisma } from './generated/client';
import { postgresqlUrl } from './kind';

/** All letters that are the same but for case, one code point each. */
function caseVariants(letter: string): string[] {
  const turned = [letter.toLowerCase(), letter.toUpperCase()];
  const again = turned.flatMap((each) => [each.toLowerCase(), each.toUpperCase()]);
  // The sigma at the end of a Greek word has the same capital.
  const sigma = again.includes('σ') ? ['ς'] : [];
  return [...new Set([letter, ...turned, ...again, ...sigma])].filter((each) => [...each].length === 1);
}

const SPECIAL = /[*?[]/;

/** A pattern of SQLite's GLOB for a text that holds `word` literally, whatever the case of its letters. */
export function globOf(word: string): string {
  const signs = [...word].map((sign) => {
    const variants = caseVariants(sign);
    if (variants.length > 1) {
      return `[${variants.join('')}]`;
    }
    // A closing bracket, `^` and `-` stand for themselves outside of brackets.
    return SPECIAL.test(sign) ? `[${sign}]` : sign;
  });
  return `*${signs.join('')}*`;
}

const REGEX_SPECIAL = /[\\^$.|?*+()[\]{}]/;

/** A regular expression of PostgreSQL for the same. Its trigram index (prisma/postgresql) finds what can match. */
export function regexOf(word: string): string {
  return [...word]
    .map((sign) => {
      const variants = caseVariants(sign);
      return variants.length > 1 ? `[${variants.join('')}]` : REGEX_SPECIAL.test(sign) ? `\\${sign}` : sign;
    })
    .join('');
}

/**
 * SQL for "the column holds all of the words", literally, ignoring case in every script, and whether letters with
 * accents are one sign or two. LIKE knows the case of ASCII only in SQLite, and that of the server's language in
 * PostgreSQL. A column of normalised text would be quicker on very large histories of SQLite.
 */
export function holdsAll(column: Prisma.Sql, words: readonly string[]): Prisma.Sql {
  const holds = (form: string) =>
    postgresqlUrl() === undefined
      ? Prisma.sql`${column} GLOB ${globOf(form)}`
      : Prisma.sql`${column} ~ ${regexOf(form)}`;
  return Prisma.join(
    words.map((word) => {
      const forms = [...new Set([word.normalize('NFC'), word.normalize('NFD')])];
      return Prisma.sql`(${Prisma.join(forms.map(holds), ' OR ')})`;
    }),
    ' AND ',
  );
}
