const BEFORE = 40;
const LENGTH = 160;

/** Text around the first of the words, on one line, at most `LENGTH` characters and the dots that mark a cut. */
export function snippetAround(text: string, words: readonly string[]): string {
  const line = text.normalize('NFC').replace(/\s+/g, ' ').trim();
  const lower = line.toLowerCase();
  const found = words.map((word) => lower.indexOf(word.normalize('NFC').toLowerCase())).filter((index) => index >= 0);
  const start = Math.max(0, Math.min(...found, line.length) - BEFORE);
  const from = found.length === 0 ? 0 : start;
  const cut = line.slice(from, from + LENGTH);
  return `${from > 0 ? '…' : ''}${cut}${from + LENGTH < line.length ? '…' : ''}`;
}
