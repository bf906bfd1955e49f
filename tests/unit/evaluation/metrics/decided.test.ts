import { decidedMetrics, verdictsOf } from '@/lib/evaluation/metrics/decided';
import { parseVerdict, verdictMetrics } from '@/lib/evaluation/metrics/verdicts';

test('what is not decided is neither right nor wrong, and lowers the coverage', () => {
  const judged = [
    { verdict: 'anomalous', label: 1 },
    { verdict: 'normal', label: 1 },
    { verdict: 'normal', label: 0 },
    { verdict: 'unsure', label: 0 },
    { verdict: 'unsure', label: 1 },
  ] as const;
  expect(decidedMetrics(judged)).toEqual({ total: 5, decided: 3, coverage: 0.6, accuracy: 2 / 3 });
  expect(decidedMetrics(judged.slice(3))).toMatchObject({ coverage: 0, accuracy: null });
  expect(verdictsOf([...judged, { label: 0 }])).toEqual({});
});

test.each([
  ['I cannot tell from this picture alone.', 'unsure'],
  ["I can't say whether there is a defect.", 'unsure'],
  ['I am not sure.', 'unsure'],
  ['Yes, there is a crack. I cannot tell how deep it is.', 'yes'],
])('%s means %s', (answer, verdict) => expect(parseVerdict(answer)).toBe(verdict));

test('answers that cannot tell are left out of the rates', () => {
  const metrics = verdictMetrics(['yes', 'unsure', 'no', null], [true, true, false, false]);
  expect(metrics).toMatchObject({ accuracy: 2 / 3, recall: 1, unsure: 1, unanswered: 1, coverage: 0.75, total: 4 });
});
