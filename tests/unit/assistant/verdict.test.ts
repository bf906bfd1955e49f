import fc from 'fast-check';
import { LoopGuard, VerdictGuard } from '@/lib/assistant/turn/verdict';
import { loadTokenizer } from '../language/load-tokenizer';

const tokenizer = loadTokenizer();
const { seg } = tokenizer.controls;
const idOf = (word: string) => tokenizer.encode(word)[0] ?? -1;
const pieces = fc.array(
  fc.constantFrom('Yes', 'No', ' there', ' is', ' a', ' crack', '.', ',', ' nothing', '\n', '<seg>'),
  { maxLength: 24 },
);

/**
 * Lets a model that says `wanted` speak under the guard, as run-turn does: a banned piece is skipped, and `<seg>` is put in where it
 * is due. Returns what was said and how often it pointed.
 */
function speak(
  bucket: 'slightly' | 'moderately' | 'highly',
  wanted: readonly string[],
): { said: string; segs: number } {
  const guard = new VerdictGuard(bucket, seg, tokenizer);
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
  it('points exactly once at a highly suspicious image, and denies nothing before', () => {
    fc.assert(fc.property(pieces, (wanted) => expect(speak('highly', wanted).segs).toBe(1)));
    expect(speak('highly', ['No', ' nothing', ' crack', '.']).said).toBe(' crack.');
  });

  it('never points at a slightly suspicious image, nor begins with Yes', () => {
    fc.assert(
      fc.property(pieces, (wanted) => {
        const { said, segs } = speak('slightly', wanted);
        expect(segs).toBe(0);
        expect(said.trim()).not.toMatch(/^yes/i);
      }),
    );
  });

  it('gives every leading Yes a mask, and every leading No none, when the score leaves it open', () => {
    fc.assert(
      fc.property(pieces, (rest) => {
        expect(speak('moderately', ['Yes', ',', ...rest]).segs).toBe(1);
        expect(speak('moderately', ['No', ',', ...rest, '.', '<seg>']).segs).toBe(0);
      }),
    );
  });

  it('bans nothing but a second mask when no verdict is due', () => {
    const guard = new VerdictGuard(undefined, seg, tokenizer);
    expect(guard.banned()).toEqual([]);
    guard.seg();
    expect(guard.banned()).toEqual([seg]);
    expect(guard.mustPoint()).toBe(false);
  });
});

describe('LoopGuard', () => {
  it('notices a repeated sentence, not a repeated word', () => {
    const guard = new LoopGuard();
    expect(guard.text('The crack is in the upper left. Yes. Yes. ')).toBe(false);
    expect(guard.text('It runs across the surface. The crack is in the ')).toBe(false);
    expect(guard.text('upper left. ')).toBe(true);
  });
});
