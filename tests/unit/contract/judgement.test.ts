import { inspectionPartSchema, plainJudgement, storedPartSchema } from '@/lib/contract';
import { inspection } from '../workbench/sample-data';

const { verdict: _verdict, probability: _probability, foreignness: _foreignness, basis: _basis, ...older } = inspection;

test('an inspection stored before there were verdicts is read with a plain one', () => {
  expect(inspectionPartSchema.parse(older)).toEqual({ ...older, ...plainJudgement(older.score, 0) });
  const compared = { ...older, score: 0.2, referenceIds: [older.imageId, older.inspectionId] };
  expect(inspectionPartSchema.parse(compared)).toMatchObject({
    verdict: 'normal',
    probability: 0.2,
    basis: { kind: 'references', count: 2 },
  });
});

test('a verdict that was stored stays as it is, and a broken one is refused', () => {
  const unsure = { ...inspection, verdict: 'unsure', probability: 0.55 };
  expect(inspectionPartSchema.parse(unsure)).toEqual(unsure);
  expect(inspectionPartSchema.safeParse({ ...inspection, verdict: 'maybe' }).success).toBe(false);
  expect(inspectionPartSchema.safeParse(null).success).toBe(false);
});

test('a notice is a part that is stored', () => {
  const data = { kind: 'unsure', imageId: inspection.imageId, text: 'Unsure', action: 'attach-reference' };
  expect(storedPartSchema.parse({ type: 'data-notice', data })).toEqual({ type: 'data-notice', data });
});
