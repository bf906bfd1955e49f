import fc from 'fast-check';
import { LoopGuard } from '@/lib/turn/local/loop-guard';
import { isReassurance } from '@/lib/turn/reassurance';

/** As models/training/looktwice_train/instruct/talk.py teaches them for clean images. */
const LETS_PASS = [
  'No corrective action is needed.',
  'So nothing has to be corrected.',
  'No action is called for; carry on with the normal control plan.',
  'Keep the usual checks running.',
  'From the visual side nothing speaks against shipping it.',
  'Visually it can go on.',
  'As far as the image shows, it can be released.',
  'So there is nothing to worry about from the visual side.',
  'It is safe to use.',
  'Fairly sure, for what this image shows.',
  'The part needs no rework.',
];
const HARMLESS = [
  'No, I see no anomaly on the bottle.',
  'Block the batch; corrective action: replace the nozzle.',
  'It cannot be shipped.',
  'It is not safe to use.',
  'A second view could add certainty.',
  'If doubt remains, compare it with a known good part.',
  'The marked region is at the upper left and covers 2 % of the image.',
];

test.each(LETS_PASS)('%s lets a part pass', (sentence) => expect(isReassurance(sentence)).toBe(true));
test.each(HARMLESS)('%s does not', (sentence) => expect(isReassurance(sentence)).toBe(false));

test('whatever the pieces in which it comes, the sentence is never shown and ends the answer', () => {
  const text = `${HARMLESS[0] ?? ''} ${HARMLESS[4] ?? ''} ${LETS_PASS[0] ?? ''} More.`;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 30, maxLength: 60 }), (sizes) => {
      const guard = new LoopGuard(isReassurance);
      let shown = '';
      let at = 0;
      for (const size of sizes) {
        const given = guard.text(text.slice(at, at + size));
        at += size;
        if (given === null) {
          break;
        }
        shown += given;
      }
      shown += guard.end();
      expect(shown).not.toMatch(/corrective|More/);
      expect(text.startsWith(shown)).toBe(true);
    }),
  );
});
