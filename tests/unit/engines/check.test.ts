import type { Judgement, Verdict } from '@/lib/contract/verdict';
import { disagreements } from '@/lib/engines/remote/check';
import type { MaskMeasure } from '@/lib/segmentation/describe';

const judgement = (verdict: Verdict, probability: number): Judgement => ({
  verdict,
  probability,
  foreignness: null,
  basis: { kind: 'zero-shot', count: 0 },
});
const measure: MaskMeasure = {
  width: 100,
  height: 100,
  regions: [{ place: 'upper left', areaPx: 310, extent: '3.1', bbox: [1, 2, 30, 40], shape: 'compact' }],
  totalExtent: '3.1',
  extentPercent: 3.1,
  tone: null,
};
const say = (text: string, expert: Judgement, { isFirstLook = true, measures = [measure] } = {}) =>
  disagreements({ text }, { label: 'Seer', imageId: 'i', judgement: expert, isFirstLook, measures }).map(
    (notice) => notice.text,
  );

describe('an answer against what was measured', () => {
  it('is left alone where both say the same', () => {
    expect(say('Yes, there is a crack in the upper left.', judgement('anomalous', 0.93))).toEqual([]);
    expect(say('No, the part looks normal.', judgement('normal', 0.04), { measures: [] })).toEqual([]);
  });

  it.each([
    [
      'No, I see no defect.',
      judgement('anomalous', 0.93),
      /Seer sees nothing wrong, the expert finds the picture anomalous \(0\.93\)/,
    ],
    [
      'Yes, there is a scratch.',
      judgement('normal', 0.04),
      /Seer sees something wrong, the expert finds the picture normal \(0\.04\)/,
    ],
    [
      'The part can be shipped.',
      judgement('unsure', 0.5),
      /Seer lets the part pass, but the expert cannot tell \(0\.50\)/,
    ],
  ])('tells both verdicts: %s', (text, expert, told) => {
    expect(say(text, expert, { measures: [] })).toEqual([expect.stringMatching(told)]);
  });

  it('tells a place and a number that were not measured, with what was', () => {
    expect(say('Yes, there are two regions in the lower right.', judgement('anomalous', 0.93))).toEqual([
      'Seer says "lower right", "two regions"; measured is 1 region (upper left), the largest 3.1 % of the picture.',
    ]);
  });

  it('takes a place that any of the masks has', () => {
    const [region] = measure.regions;
    const other = { ...measure, regions: [{ ...region, place: 'lower right' as const }] } as MaskMeasure;
    expect(say('Yes, in the lower right.', judgement('anomalous', 0.9), { measures: [measure, other] })).toEqual([]);
  });

  it('asks for no verdict in a follow-up', () => {
    expect(say('No, it is not urgent.', judgement('anomalous', 0.93), { isFirstLook: false, measures: [] })).toEqual(
      [],
    );
  });

  it('believes the field of a structured answer more than its words', () => {
    const facts = {
      label: 'Seer',
      imageId: 'i',
      judgement: judgement('anomalous', 0.9),
      isFirstLook: true,
      measures: [],
    };
    expect(disagreements({ text: 'Looks as it should.', verdict: 'no' }, facts)).toHaveLength(1);
  });
});
