import type { Tokenizer } from '@/lib/language';

/** The texts that are one token each, with that token: only such can be banned as a word. */
export function singleTokens(tokenizer: Pick<Tokenizer, 'encode'>, texts: readonly string[]): Map<string, number> {
  return new Map(
    texts.flatMap((text) => {
      const [id, ...more] = tokenizer.encode(text);
      return id === undefined || more.length > 0 ? [] : [[text, id] as const];
    }),
  );
}
