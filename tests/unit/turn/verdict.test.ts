import fc from 'fast-check';
import { ZERO_SHOT, judge } from '@/lib/anomaly/verdict';
import { VerdictGuard } from '@/lib/turn/local/verdict-guard';
import { suspicionWord, verdictOf, type Verdict } from '@/lib/turn/suspicion';
import { loadTokenizer } from '../language/load-tokenizer';

const tokenizer = loadTokenizer();
const seg = tokenizer.controls.seg ?? NaN;
const idOf = (word: string) => tokenizer.encode(word)[0] ?? -1;
const pieces = fc.array(
  fc.constantFrom(
    'Yes',
    'No',
    ' there',
    ' is',
    ' a',
    ' crack',
    '.',
    ',',
    ' nothing',
    ' marked',
    ' normal',
    '\n',
    '<seg>',
  ),
  { maxLength: 24 },
);

/**
 * Lets a model that says `wanted` speak under the guard, as run-turn does: a banned piece is skipped, and `<seg>` is
 * put in where it is due. Returns what was said and how often it pointed.
 */
function speak(verdict: Verdict, wanted: readonly string[]): { said: string; segs: number } {
  const guard = new VerdictGuard(verdict, seg, tokenizer);
  let [said, segs] = ['', 0];
  const point = () => {
    guard.seg();
    segs += 1;
  };
  for (const piece of wanted) {
    if (guard.mustPoint()) {
      point();
    }
    const isSeg = piece === '<seg>';
    if (guard.banned().includes(isSeg ? seg : idOf(piece))) {
      continue;
    }
    if (isSeg) {
      point();
    } else {
      said += piece;
      guard.text(piece);
    }
  }
  if (guard.owesMask()) {
    point();
  }
  return { said, segs };
}

describe('VerdictGuard', () => {
  it('begins an unsure answer with neither Yes nor No', () => {
    fc.assert(
      fc.property(pieces, (wanted) => expect(speak('unsure', wanted).said.trim()).not.toMatch(/^(?:yes|no)\b/i)),
    );
  });

  it('points exactly once at a positive image, and denies nothing before', () => {
    fc.assert(fc.property(pieces, (wanted) => expect(speak('positive', wanted).segs).toBe(1)));
    expect(speak('positive', ['No', ' nothing', ' crack', '.']).said).toBe(' crack.');
  });

  it('points where the first sentence ends, and is free afterwards', () => {
    const guard = new VerdictGuard('positive', seg, tokenizer);
    guard.text('Yes.');
    expect(guard.mustPoint()).toBe(false);
    guard.text(' There is a crack');
    expect(guard.mustPoint()).toBe(false);
    guard.text('.');
    expect(guard.mustPoint()).toBe(true);
    guard.seg();
    expect(guard.mustPoint()).toBe(false);
    expect(guard.banned()).toEqual([seg]);
  });

  it('never points at a negative image, nor begins with Yes, nor claims a finding in the first sentence', () => {
    fc.assert(
      fc.property(pieces, (wanted) => {
        const { said, segs } = speak('negative', wanted);
        expect(segs).toBe(0);
        expect(said.trim()).not.toMatch(/^yes/i);
      }),
    );
    const claim = ['I', ' marked', ' an', ' anomaly', '.', ' It', ' has', ' a', ' normal', ' surface', '.'];
    expect(speak('negative', claim).said).toBe('I anomaly. It has a normal surface.');
  });

  it('bans no token for a model without <seg>, but says when its mask is due', () => {
    const guard = new VerdictGuard('positive', undefined, tokenizer);
    guard.text('There is a crack.');
    expect(guard.mustPoint()).toBe(true);
    guard.seg();
    expect(guard.owesMask()).toBe(false);
    expect(guard.banned()).toEqual([]);
  });

  it('bans nothing but a second mask when no verdict is due', () => {
    const guard = new VerdictGuard(undefined, seg, tokenizer);
    expect(guard.banned()).toEqual([]);
    guard.seg();
    expect(guard.banned()).toEqual([seg]);
    expect(guard.mustPoint()).toBe(false);
  });
});

describe('suspicion', () => {
  it.each([
    [0.1, 'slightly', 'slightly', 'negative'],
    [0.49, 'moderately', 'slightly', 'negative'],
    [0.5, 'moderately', 'highly', 'positive'],
    [0.9, 'highly', 'highly', 'positive'],
  ] as const)('of a score of %d, %s suspicious, is told as %s and means %s', (score, bucket, word, verdict) => {
    const judgement = judge(score, ZERO_SHOT, undefined, {});
    expect(suspicionWord({ bucket, judgement })).toBe(word);
    expect(verdictOf({ judgement })).toBe(verdict);
  });

  it.each([
    [0.4, 'slightly', 'negative'],
    [0.62, 'highly', 'positive'],
  ] as const)('of an unsure image (%d) leans, unless the model was taught to doubt', (score, word, verdict) => {
    const calibration = { verdict: { zeroShot: { slope: 1, intercept: 0, low: 0.3, high: 0.7 } } };
    const unsure = { bucket: 'moderately' as const, judgement: judge(score, ZERO_SHOT, undefined, calibration) };
    expect(unsure.judgement.verdict).toBe('unsure');
    expect([suspicionWord(unsure), verdictOf(unsure)]).toEqual([word, verdict]);
    expect([suspicionWord(unsure, true), verdictOf(unsure, true)]).toEqual(['moderately', 'unsure']);
  });
});
