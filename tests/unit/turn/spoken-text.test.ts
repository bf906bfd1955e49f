import fc from 'fast-check';
import { LoopGuard } from '@/lib/turn/local/loop-guard';
import { SpokenText } from '@/lib/turn/local/spoken-text';

describe('LoopGuard', () => {
  it('keeps back what may become a repetition, and ends at one; a word may be said again', () => {
    const guard = new LoopGuard();
    expect(guard.text('The crack is in the upper left. Yes. Yes. ')).toBe('The crack is in the upper left. Yes. Yes. ');
    expect(guard.text('It runs across the surface. The crack is in the ')).toBe('It runs across the surface. ');
    expect(guard.text('upper left. ')).toBeNull();
    expect(guard.end()).toBe('');
  });

  it('gives out what was kept back once it is another sentence', () => {
    const guard = new LoopGuard();
    guard.text('The crack is in the upper left. ');
    expect(guard.text('The crack is')).toBe('');
    expect(guard.text(' long')).toBe('The crack is long');
  });

  it('drops a repetition that the answer ends with', () => {
    const guard = new LoopGuard();
    guard.text('The crack is in the upper left. ');
    guard.text('The crack is in the upper left.');
    expect(guard.end()).toBe('');
  });

  it('loses no text of sentences that differ, however they are cut', () => {
    const sentences = ['The part is fine today. ', 'The part is not fine. ', 'Short. ', 'The part. '];
    fc.assert(
      fc.property(fc.shuffledSubarray(sentences), fc.array(fc.integer({ min: 1, max: 9 })), (order, cuts) => {
        const [text, guard] = [order.join(''), new LoopGuard()];
        let [at, out] = [0, ''];
        for (const cut of [...cuts, text.length]) {
          out += guard.text(text.slice(at, at + cut)) ?? '';
          at = Math.min(text.length, at + cut);
        }
        expect(out + guard.end()).toBe(text);
      }),
    );
  });
});

describe('SpokenText', () => {
  it('remembers the tokens of what was shown only', () => {
    let shown = '';
    const spoken = new SpokenText((delta) => (shown += delta));
    const words = ['The', ' crack', ' is', ' long', '.', ' The', ' crack', ' is', ' long', '.', ' Next'];
    const taken = words.map((word, index) => spoken.take([index], word));
    expect(taken.lastIndexOf(true)).toBe(9);
    expect(taken[10]).toBe(false);
    expect(shown.trim()).toBe('The crack is long.');
    expect(spoken.end()).toEqual([0, 1, 2, 3, 4]);
  });

  it('shows what it kept back before something else follows', () => {
    let shown = '';
    const spoken = new SpokenText((delta) => (shown += delta));
    spoken.take([1], 'The crack is long. ');
    spoken.take([2], 'The crack');
    expect(spoken.cut()).toEqual([1, 2]);
    expect(shown).toBe('The crack is long. The crack');
    expect(spoken.take([3], ' here')).toBe(true);
    expect(shown).toBe('The crack is long. The crack here');
    expect(spoken.end()).toEqual([3]);
  });
});
