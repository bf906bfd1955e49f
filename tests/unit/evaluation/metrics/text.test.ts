import fc from 'fast-check';
import { choiceMetrics, choicePrompt, parseChoice } from '@/lib/evaluation/metrics/choices';
import { rougeL } from '@/lib/evaluation/metrics/rouge';
import { parseVerdict, verdictMetrics } from '@/lib/evaluation/metrics/verdicts';

describe('parseVerdict', () => {
  it.each([
    ['Yes, there is a scratch at the upper left.', 'yes'],
    ['**No.** The surface is even.', 'no'],
    ['- yes', 'yes'],
    ['Nothing to say about that.', null],
    ['I can see a crack running along the edge.', 'yes'],
    ['There are no visible defects on the part.', 'no'],
    ['There is no evidence of damage.', 'no'],
    ["I don't see any anomaly here.", 'no'],
    ['The insulator appears to be intact.', 'no'],
    ['The tile looks cracked.', 'yes'],
    ['The image shows a metal part. There is a deep scratch.', 'yes'],
    ['Yesterday was fine', null],
    ['', null],
  ])('reads %j as %s', (answer, verdict) => {
    expect(parseVerdict(answer)).toBe(verdict);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(['yes', 'no', null]).toContain(parseVerdict(text))));
  });
});

describe('verdictMetrics', () => {
  it('counts a missing verdict as wrong', () => {
    const metrics = verdictMetrics(['yes', 'no', null, 'yes', null], [true, false, true, false, false]);
    expect(metrics).toEqual({
      accuracy: 2 / 5,
      precision: 1 / 2,
      recall: 1 / 2,
      f1: 1 / 2,
      answered: 3,
      unanswered: 2,
      total: 5,
      unsure: 0,
      coverage: 1,
    });
    expect(() => verdictMetrics(['yes'], [])).toThrow('one label per answer');
  });
});

describe('rougeL', () => {
  it('is the longest common subsequence over the lengths', () => {
    const score = rougeL('The crack is at the upper left', 'A crack at the left edge');
    // crack, at, the, left: 4 of 7 and 4 of 6.
    expect(score).toEqual({ precision: 4 / 7, recall: 4 / 6, f1: expect.closeTo(8 / 13, 12) as number });
  });

  it('is 1 for equal texts, 0 for disjoint or empty ones, and swaps with its arguments', () => {
    expect(rougeL('A scratch.', 'a SCRATCH!').f1).toBe(1);
    expect(rougeL('', 'crack').f1).toBe(0);
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), fc.array(fc.constantFrom('a', 'b', 'c')), (a, b) => {
        const there = rougeL(a.join(' '), b.join(' '));
        const back = rougeL(b.join(' '), a.join(' '));
        expect(there.precision).toBeCloseTo(back.recall, 12);
        expect(there.f1).toBeCloseTo(back.f1, 12);
      }),
    );
  });
});

describe('multiple choice', () => {
  const options = { A: 'Yes.', B: 'A long scratch.', C: 'A dent.', D: 'Upper left.' };

  it.each([
    ['B', 'B'],
    ['(C)', 'C'],
    ['**D.** Upper left', 'D'],
    ['The answer is B.', 'B'],
    ['answer: d', 'D'],
    ['A scratch runs over it: a long scratch', 'B'],
    ['A', 'A'],
    ['It sits in the upper left.', 'D'],
    ['It has a dent and a long scratch', null],
    ['E', null],
    ['', null],
  ])('reads %j as %s', (answer, letter) => {
    expect(parseChoice(answer, options)).toBe(letter);
  });

  it('averages over question types, not over questions', () => {
    const question = (type: string, answer: string) => ({ type, question: 'Which?', options, answer });
    const metrics = choiceMetrics(
      [question('Anomaly Detection', 'A'), question('Anomaly Detection', 'B'), question('Defect Localization', 'D')],
      ['A', null, 'D'],
    );
    expect(metrics.perType).toEqual({
      'Anomaly Detection': { accuracy: 0.5, questions: 2 },
      'Defect Localization': { accuracy: 1, questions: 1 },
    });
    expect(metrics.mean).toBe(0.75);
  });

  it('puts the question with its options', () => {
    expect(choicePrompt({ type: 't', question: 'Is it sound?', options: { A: 'Yes', B: 'No' }, answer: 'A' })).toBe(
      'Is it sound?\nA. Yes\nB. No\nAnswer with the letter of the right option.',
    );
  });
});
