import { limits, type SheetItem } from '@/lib/contract';
import { describeItem, describeSheet, sortItems } from '@/lib/contract/sheet-text';

const item = (
  imageId: string,
  verdict: SheetItem['verdict'],
  probability: number,
  basis: SheetItem['basis'] = { kind: 'set', count: 8 },
): SheetItem => ({
  ...{ imageId, inspectionId: imageId, score: probability, bucket: 'slightly', verdict, probability },
  ...{ foreignness: null, basis, type: null, outline: null },
});
const normal = (count: number, basis?: SheetItem['basis']) =>
  Array.from({ length: count }, (_, index) => item(`n${index}`, 'normal', 0.1, basis));
const alone = { kind: 'zero-shot' as const, count: 0 };

test('those that stand out come first, doubtful ones next, and equals stay in their order', () => {
  const items = [
    item('a', 'normal', 0.45),
    item('b', 'unsure', 0.5),
    item('c', 'anomalous', 0.7),
    item('d', 'normal', 0.45),
    item('e', 'anomalous', 0.9),
    // By a part's own threshold, 0.4 may be anomalous.
    item('f', 'anomalous', 0.4),
  ];
  expect(sortItems(items).map(({ imageId }) => imageId)).toEqual(['e', 'c', 'f', 'b', 'a', 'd']);
  expect(items[0]?.imageId).toBe('a');
});

test.each([
  [
    [...normal(11), item('x', 'anomalous', 0.9)],
    '1 of 12 images stands out. They were judged among each other, without references.',
  ],
  [normal(8), 'None of 8 images stand out. They were judged among each other, without references.'],
  [
    [...normal(7), item('x', 'anomalous', 0.9), item('y', 'anomalous', 0.8), item('z', 'unsure', 0.5)],
    '2 of 10 images stand out; 1 is unsure. They were judged among each other, without references.',
  ],
  [
    [...normal(8), item('x', 'anomalous', 0.9, alone), item('y', 'normal', 0.1, alone)],
    'None of 8 images stand out. They were judged among each other, without references. 2 show something else and were judged alone: 1 is anomalous.',
  ],
  [
    normal(9, alone),
    'These 9 images do not show things of one kind, so they were not judged among each other. Each was judged alone: none are anomalous.',
  ],
  [
    [...normal(7, { kind: 'references', count: 4 }), item('x', 'anomalous', 0.9, { kind: 'references', count: 4 })],
    '1 of 8 images is anomalous. Each was compared with 4 normal references.',
  ],
])('what the verdicts come to is said in plain sentences', (items, sentence) => {
  expect(describeSheet({ items, failed: [] })).toBe(sentence);
});

test('images that could not be judged are told', () => {
  expect(describeSheet({ items: normal(8), failed: [{}, {}] })).toMatch(/ 2 images could not be judged\.$/);
});

test('an item is told in words', () => {
  expect(describeItem({ ...item('x', 'anomalous', 0.91), type: 'crack' }, 'part 3.png')).toBe(
    'part 3.png: anomalous, 0.91, crack, from its set (8 images)',
  );
});

test('a message holds a set', () => {
  expect(limits.imagesPerMessage).toBeGreaterThanOrEqual(200);
  expect(limits.set).toBe(8);
});
