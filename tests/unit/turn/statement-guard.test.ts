import fc from 'fast-check';
import { StatementGuard } from '@/lib/turn/local/statement-guard';
import { type MaskMeasure, PLACES, type Place } from '@/lib/segmentation/describe';
import { checkStatements } from '@/lib/segmentation/statements';
import { loadTokenizer } from '../language/load-tokenizer';

const tokenizer = loadTokenizer();
const idOf = (word: string) => tokenizer.encode(word)[0] ?? -1;

function measureOf(places: readonly Place[]): MaskMeasure {
  const regions = places.map((place, index) => ({
    place,
    areaPx: 100 - index,
    extent: '1',
    bbox: [0, 0, 10, 10] as [number, number, number, number],
    shape: 'compact' as const,
  }));
  return { width: 100, height: 100, regions, totalExtent: '1', extentPercent: 1, tone: null };
}

/** Whether ` word` may follow `said` in an answer about regions at `places`. */
function allows(places: readonly Place[], said: string, word: string): boolean {
  const guard = new StatementGuard(tokenizer);
  guard.measured(measureOf(places));
  guard.text(said);
  return !guard.banned().includes(idOf(word.startsWith('.') ? word : ` ${word}`));
}

describe('StatementGuard', () => {
  it('bans nothing before anything is measured', () => {
    expect(new StatementGuard(tokenizer).banned()).toEqual([]);
  });

  it.each([
    ['a second region where there is one', ['centre'], 'The', 'other', false],
    ['no other region where there is one', ['centre'], 'There is no', 'other', true],
    ['a single region where there are two', ['centre', 'upper left'], 'It is a', 'single', false],
    ['a single region where there is one', ['centre'], 'It is a', 'single', true],
    ['no other region where there are two', ['centre', 'upper left'], 'There is no', 'other', false],
    ['another place of the largest', ['centre right', 'upper left'], 'The largest lies in the', 'upper', false],
    ['the place of the largest', ['centre right', 'upper left'], 'The largest lies at the', 'centre', true],
    ['the place of the other', ['centre right', 'upper left'], 'The other one lies in the', 'upper', true],
    ["the largest one's place for the other", ['centre right', 'upper left'], 'The other lies at the', 'centre', false],
    ['the wrong side', ['centre right'], 'It lies at the centre', 'left', false],
    ['the right side', ['centre right'], 'It lies at the centre', 'right', true],
    ['the centre for a place beside it', ['centre right'], 'It lies at the centre', '.', false],
    ['the wrong column', ['top centre'], 'It lies at the top', 'left', false],
    ['a place that is denied', ['centre'], 'It is not in the', 'upper', true],
    ['other words', ['centre'], 'It is darker than the', 'area', true],
  ] as const)('judges %s', (_, places, said, word, expected) => {
    expect(allows(places, said, word)).toBe(expected);
  });

  it('leaves no way to name a wrong place with the words of the vocabulary', () => {
    const places = fc.array(fc.constantFrom(...PLACES), { minLength: 1, maxLength: 3 });
    const subject = fc.constantFrom('The largest region lies', 'The other one lies', 'It lies');
    fc.assert(
      fc.property(places, subject, fc.constantFrom(...PLACES), (found, start, place) => {
        const [first = '', second] = place.split(' ');
        const said = `${start} at the`;
        const isSaid = allows(found, said, first) && allows(found, `${said} ${first}`, second ?? '.');
        const [statement] = checkStatements(`${said} ${place}.`, measureOf(found));
        const isFirstOther = found.length === 1 && start.startsWith('The other');
        return isFirstOther || isSaid === statement?.agrees;
      }),
    );
  });
});
