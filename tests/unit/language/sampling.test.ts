import fc from 'fast-check';
import { GREEDY, Sampler, argmax, repeatedNgramTokens } from '@/lib/language/sampling';
import { seededRandom } from '@/lib/common/random';

const logits = fc
  .array(
    fc.integer({ min: -200, max: 200 }).map((tenths) => tenths / 10),
    { minLength: 2, maxLength: 40 },
  )
  .map((values) => Float32Array.from(values));
const warm = { ...GREEDY, temperature: 0.8 };

describe('Sampler', () => {
  it('is greedy at temperature 0', () => {
    fc.assert(
      fc.property(logits, (values) => {
        expect(new Sampler(GREEDY).sample(values.slice(), [])).toBe(argmax(values));
      }),
    );
  });

  it('chooses the same with the same seed', () => {
    fc.assert(
      fc.property(logits, fc.integer(), (values, seed) => {
        const draw = () => {
          const sampler = new Sampler({ ...warm, seed });
          return [1, 2, 3].map(() => sampler.sample(values.slice(), []));
        };
        expect(draw()).toEqual(draw());
      }),
    );
  });

  it('stays within the top k', () => {
    fc.assert(
      fc.property(logits, fc.integer({ min: 1, max: 5 }), fc.integer(), (values, topK, seed) => {
        const id = new Sampler({ ...warm, temperature: 2, topK, seed }).sample(values.slice(), []);
        const above = values.filter((value) => value > (values[id] ?? 0)).length;
        expect(above).toBeLessThan(topK);
      }),
    );
  });

  it('takes only the likeliest token when topP is tiny', () => {
    fc.assert(
      fc.property(logits, fc.integer(), (values, seed) => {
        const id = new Sampler({ ...warm, topP: 1e-9, seed }).sample(values.slice(), []);
        expect(values[id]).toBe(values[argmax(values)]);
      }),
    );
  });

  it('never chooses a banned token', () => {
    fc.assert(
      fc.property(logits, fc.integer(), (values, seed) => {
        const banned = [argmax(values)];
        expect(banned).not.toContain(new Sampler({ ...warm, seed }).sample(values.slice(), [], banned));
      }),
    );
  });

  it('draws in proportion to the probabilities', () => {
    const sampler = new Sampler({ ...GREEDY, temperature: 1, seed: 5 });
    const values = Float32Array.from([Math.log(0.6), Math.log(0.3), Math.log(0.1)]);
    const counts = [0, 0, 0];
    for (let i = 0; i < 6000; i += 1) {
      const id = sampler.sample(values.slice(), []);
      counts[id] = (counts[id] ?? 0) + 1;
    }
    [0.6, 0.3, 0.1].forEach((share, id) => expect((counts[id] ?? 0) / 6000).toBeCloseTo(share, 1));
  });

  it('makes said tokens less likely, whatever the sign of their logits', () => {
    const sampler = new Sampler({ ...GREEDY, repetitionPenalty: 2 });
    expect(sampler.sample(Float32Array.from([3, 2]), [0])).toBe(1);
    expect(sampler.sample(Float32Array.from([-1, -1.5]), [0])).toBe(1);
  });
});

describe('repeatedNgramTokens', () => {
  it('names what would repeat a sequence', () => {
    expect(repeatedNgramTokens([1, 2, 3, 1, 2], 3)).toEqual(new Set([3]));
    expect(repeatedNgramTokens([1, 2, 3, 4], 3)).toEqual(new Set());
    expect(repeatedNgramTokens([1, 1, 1], 0)).toEqual(new Set());
  });

  it('keeps every answer free of repeated sequences', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 4 }), (seed, size) => {
        const random = seededRandom(seed);
        const sampler = new Sampler({ ...GREEDY, noRepeatNgram: size });
        const said: number[] = [];
        for (let i = 0; i < 60; i += 1) {
          said.push(
            sampler.sample(
              Float32Array.from({ length: 80 }, (_, id) => (id < 3 ? 9 : 0) + random()),
              said,
            ),
          );
        }
        const grams = said.slice(size - 1).map((_, i) => said.slice(i, i + size).join());
        expect(new Set(grams).size).toBe(grams.length);
      }),
    );
  });
});
