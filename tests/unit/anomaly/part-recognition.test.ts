import { RECOGNITION, decide, inQuestion } from '@/lib/anomaly/part-recognition';

const { take, ask, near: close, least, likely, lead, clear } = RECOGNITION;

test('at most the two likeliest parts are measured, if they are alike enough', () => {
  expect(inQuestion([])).toEqual([]);
  expect(inQuestion([least - 0.01])).toEqual([]);
  expect(inQuestion([0.99, 0.99 - 2 * lead])).toEqual([0]);
  expect(inQuestion([0.99, 0.985, 0.98])).toEqual([0, 1]);
});

test('a near part is taken, a farther one asked about, a far one is none', () => {
  expect(decide([{ likeness: 0.99, distance: take }])).toEqual({ taken: 0 });
  expect(decide([{ likeness: 0.99, distance: (take + ask) / 2 }])).toEqual({ candidates: [0] });
  expect(decide([{ likeness: 0.99, distance: ask + 0.001 }])).toEqual({ candidates: [] });
});

test('what is unlikely by its descriptor must be nearer', () => {
  expect(decide([{ likeness: likely - 0.05, distance: close }])).toEqual({ taken: 0 });
  expect(decide([{ likeness: likely - 0.05, distance: take }])).toEqual({ candidates: [] });
});

test('of two near parts the nearer is taken only if it is clearly nearer', () => {
  const near = { likeness: 0.98, distance: 0.03 };
  expect(decide([{ likeness: 0.99, distance: 0.05 }, near])).toEqual({ taken: 1 });
  expect(decide([{ likeness: 0.99, distance: (0.9 * 0.03) / clear }, near])).toEqual({ candidates: [1, 0] });
});
