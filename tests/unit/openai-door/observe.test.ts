import { conversationKey, recall, remember } from '@/lib/openai-door/context-memory';
import type { Seen } from '@/lib/openai-door/contract';
import { jsonAnswer, mergeExtensions } from '@/lib/openai-door/observe';

const seen = (score: number): Seen => ({
  image: 1,
  sha256: 'a',
  width: 10,
  height: 10,
  verdict: score >= 0.5 ? 'anomalous' : 'normal',
  score,
  bucket: 'highly',
  probability: score,
  foreignness: null,
  basis: { kind: 'zero-shot', count: 0 },
  regions: [],
});

test('the most suspicious picture decides; without a picture nothing is decided', () => {
  expect(jsonAnswer('x', { inspections: [seen(0.1), seen(0.8)] }, null)).toMatchObject({
    verdict: 'anomalous',
    score: 0.8,
  });
  expect(jsonAnswer('x', {}, null)).toMatchObject({
    verdict: 'unknown',
    is_anomalous: null,
    score: null,
    bucket: null,
  });
});

test('an unsure verdict is no yes and no no', () => {
  const unsure: Seen = { ...seen(0.5), verdict: 'unsure' };
  expect(jsonAnswer('x', { inspections: [unsure] }, null)).toMatchObject({ verdict: 'unsure', is_anomalous: null });
});

test('a follow-up that looks at nothing has the verdict of before; one that looks has its own', () => {
  const known = { seen: [seen(0.9)], findings: [] };
  expect(jsonAnswer('x', {}, known)).toMatchObject({ verdict: 'anomalous' });
  expect(jsonAnswer('x', { inspections: [seen(0.2)] }, known)).toMatchObject({ verdict: 'normal', findings: [] });
});

test('parts of a stream add up: lists grow, the rest is the latest', () => {
  const both = mergeExtensions({ inspections: [seen(0.1)], bundle: 'a' }, { inspections: [seen(0.2)], bundle: 'b' });
  expect(both.inspections).toHaveLength(2);
  expect(both.bundle).toBe('b');
});

test('only who sends the same conversation finds what it left', () => {
  const image = { id: 'i', role: 'subject' };
  const told = [
    { role: 'user', text: 'q', images: [image] },
    { role: 'assistant', text: 'a', images: [] },
  ];
  const left = { context: { transcript: 't' }, seen: [], findings: [] };
  remember(conversationKey('me', told), left);
  expect(recall(conversationKey('me', told))).toEqual(left);
  expect(recall(conversationKey('you', told))).toBeUndefined();
  const others = [
    [{ ...told[0], text: 'Q' }, told[1]],
    [{ ...told[0], images: [{ ...image, role: 'reference' }] }, told[1]],
    [told[0], { ...told[1], text: 'a ' }],
  ] as (typeof told)[];
  for (const other of others) {
    expect(recall(conversationKey('me', other))).toBeUndefined();
  }
});
