import { speedOf } from '@/lib/datasets/jobs/speed';

test('speed counts working time alone, and the rest is told while a job runs', () => {
  const job = { state: 'running' as const, done: 20, total: 50, activeMs: 4_000 };
  expect(speedOf(job)).toEqual({ perSecond: 5, etaSeconds: 6 });
  expect(speedOf({ ...job, state: 'paused' })).toEqual({ perSecond: 5, etaSeconds: null });
  expect(speedOf({ ...job, total: null })).toEqual({ perSecond: 5, etaSeconds: null });
  expect(speedOf({ ...job, done: 0 })).toEqual({ perSecond: null, etaSeconds: null });
  // Items that came while it ran.
  expect(speedOf({ ...job, done: 60 })).toEqual({ perSecond: 15, etaSeconds: 0 });
});
