import { readFileSync } from 'node:fs';
import { Tokenizer } from '@/lib/language/tokenizer';

/** The bundle's tokenizer, without the rest of the bundle. */
export function loadTokenizer(): Tokenizer {
  const json: unknown = JSON.parse(readFileSync('models/mini/tokenizer.json', 'utf8'));
  return Tokenizer.parse(json, { imStart: 1, imEnd: 2, endOfText: 0, image: 7, seg: 8 }, 49152);
}
