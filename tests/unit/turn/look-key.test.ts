import type { PartsAsked } from '@/lib/anomaly/part-finding';
import { lookKey } from '@/lib/turn/look-key';
import type { TurnImage } from '@/lib/turn/perception';

const image = (id: string, source: Partial<TurnImage['source']> = {}, parts?: PartsAsked): TurnImage => ({
  id,
  name: 'a.tiff',
  source: { path: '/a.tiff', ...source },
  parts,
});
const part = { id: 'p', name: 'Flange', file: '/p/bank', built: 0, threshold: null, area: null };

it('names the same look the same', () => {
  expect(lookKey(image('a', { window: { low: 1, high: 2 } }), [image('b')])).toBe(
    lookKey(image('a', { window: { low: 1, high: 2 } }), [image('b')]),
  );
});

it.each<[string, TurnImage, TurnImage[]]>([
  ['another image', image('b'), []],
  ['a reference', image('a'), [image('b')]],
  ['values chosen under the same id', image('a', { window: { low: 1, high: 2 } }), []],
  ['other values', image('a', { window: { low: 1, high: 3 } }), []],
  ['values chosen for a reference', image('a'), [image('b', { window: { low: 1, high: 2 } })]],
  ['another page', image('a', { page: 2 }), []],
  ['a part', image('a', {}, { candidates: [part], chosen: true }), []],
  ['a part whose bank was made again', image('a', {}, { candidates: [{ ...part, built: 2 }], chosen: true }), []],
])('tells %s from the others', (_, subject, references) => {
  const others = [
    lookKey(image('a'), []),
    lookKey(image('a', { window: { low: 1, high: 4 } }), []),
    lookKey(image('a', {}, { candidates: [part], chosen: false }), []),
    lookKey(image('a'), [image('c')]),
  ];
  expect(others).not.toContain(lookKey(subject, references));
});
