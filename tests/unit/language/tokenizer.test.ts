import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Utf8Stream } from '@/lib/language/byte-level';
import { Tokenizer } from '@/lib/language/tokenizer';
import { loadTokenizer } from './load-tokenizer';

const tokenizer = loadTokenizer();
const cases = JSON.parse(readFileSync('tests/unit/language/tokenizer-cases.json', 'utf8')) as [string, number[]][];
const spellings = ['<|im_start|>', '<|im_end|>', '<|endoftext|>', '<seg>', '<image>', '<file_sep>'];
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.oneof(fc.constantFrom(...spellings), fc.string({ maxLength: 6 }))).map((parts) => parts.join('')),
);

describe('Tokenizer', () => {
  it('gives the ids of the reference implementation (tokenizers in Python)', () => {
    for (const [value, ids] of cases) {
      expect([value, tokenizer.encode(value)]).toEqual([value, ids]);
    }
  });

  it('never makes a control token of text', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(tokenizer.encode(value).filter((id) => tokenizer.controlIds.has(id))).toEqual([]);
      }),
    );
  });

  it('keeps the spelling of control tokens as text', () => {
    for (const spelling of spellings) {
      expect(tokenizer.decode(tokenizer.encode(`a${spelling}b`))).toBe(`a${spelling}b`);
    }
  });

  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (value) => {
        // Some control characters have no token in this vocabulary and are left out.
        fc.pre(!/\p{Cc}/u.test(value));
        expect(tokenizer.decode(tokenizer.encode(value))).toBe(Buffer.from(value).toString());
      }),
    );
  });

  it('does not show control tokens', () => {
    const { imEnd, seg } = tokenizer.controls;
    expect(seg).toBe(8);
    expect(tokenizer.decode([seg ?? NaN, ...tokenizer.encode('crack'), imEnd])).toBe('crack');
  });

  it('refuses a vocabulary that is larger than the manifest says', () => {
    const file = { added_tokens: [], model: { vocab: { a: 5 }, merges: [] } };
    expect(() => Tokenizer.parse(file, tokenizer.controls, 5)).toThrow('token 5 is outside the vocabulary of 5');
  });
});

describe('Utf8Stream', () => {
  it('gives out whole characters only, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(4)), (value, cuts) => {
        const bytes = Buffer.from(value);
        const stream = new Utf8Stream();
        let [shown, from] = ['', 0];
        for (const cut of [...cuts, bytes.length]) {
          shown += stream.push(bytes.subarray(from, from + cut));
          from += cut;
          expect(Buffer.from(value).toString().startsWith(shown)).toBe(true);
        }
        expect(shown).toBe(bytes.toString());
      }),
    );
  });
});
