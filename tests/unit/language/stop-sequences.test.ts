import fc from 'fast-check';
import { StopSequences } from '@/lib/language/stop-sequences';

/** Feeds a text in pieces; returns what was shown. */
function run(pieces: string[], sequences: string[]): { shown: string; stopped: boolean } {
  const stops = new StopSequences(sequences);
  let shown = '';
  for (const piece of pieces) {
    const step = stops.push(piece);
    shown += step.text;
    if (step.stopped) {
      return { shown, stopped: true };
    }
  }
  return { shown: shown + stops.flush(), stopped: false };
}

describe('StopSequences', () => {
  it('shows the text before the first stop sequence, however it is cut', () => {
    const letters = fc.constantFrom('a', 'b', 'c');
    const words = fc.array(letters, { minLength: 1, maxLength: 3 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), fc.array(words, { maxLength: 2 }), (pieces, sequences) => {
        const text = pieces.join('');
        const at = Math.min(...sequences.map((sequence) => text.indexOf(sequence)).filter((i) => i >= 0));
        const { shown, stopped } = run(pieces, sequences);
        expect(stopped).toBe(Number.isFinite(at));
        if (!stopped) {
          expect(shown).toBe(text);
        } else {
          expect(text.startsWith(shown)).toBe(true);
          expect(sequences.some((sequence) => shown.includes(sequence))).toBe(false);
        }
      }),
    );
  });

  it('holds back a beginning until it is decided', () => {
    const stops = new StopSequences(['###']);
    expect(stops.push('a#')).toEqual({ text: 'a', stopped: false });
    expect(stops.push('#b')).toEqual({ text: '##b', stopped: false });
    expect(stops.push('##')).toEqual({ text: '', stopped: false });
    expect(stops.push('#x')).toEqual({ text: '', stopped: true });
  });
});
