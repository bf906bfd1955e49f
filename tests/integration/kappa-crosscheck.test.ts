import { cohensKappa } from '@/lib/datasets/review/agreement';
import { seededRandom } from '@/lib/common/random';
import { preparePython, runReference } from '../crosscheck/prepare';

/** Pairs of raters over 1 to 5 classes, from strangers to nearly the same person, and both undefined cases. */
function makePairs(): [string[], string[]][] {
  const random = seededRandom(20261124);
  const rated = Array.from({ length: 60 }, (_, pair): [string[], string[]] => {
    const classes = 1 + (pair % 5);
    const pick = () => `c${Math.floor(random() * classes)}`;
    const first = Array.from({ length: 2 + Math.floor(random() * 80) }, pick);
    return [first, first.map((rating) => (random() < (pair % 7) / 6 ? rating : pick()))];
  });
  return [
    ...rated,
    [
      ['a', 'a'],
      ['a', 'a'],
    ],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
  ];
}

it("Cohen's kappa equals scikit-learn's to 1e-12, and is undefined where that is", async () => {
  const pairs = makePairs();
  const expected = (await runReference(await preparePython(), 'kappa.py', { pairs })) as (number | null)[];
  expect(expected.filter((value) => value === null).length).toBeGreaterThan(0);
  pairs.forEach(([first, second], index) => {
    const value = cohensKappa(first, second);
    const wanted = expected[index] ?? null;
    expect([index, value === null]).toEqual([index, wanted === null]);
    expect(value ?? 0).toBeCloseTo(wanted ?? 0, 12);
  });
}, 600_000);
