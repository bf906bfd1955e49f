import { openAll } from '@/lib/engine/open-all';

const part = (name: string) => ({ name, close: jest.fn(() => Promise.resolve()) });
const later = <Value>(value: Value) => new Promise<Value>((resolve) => setImmediate(() => resolve(value)));

it('gives the parts in order', async () => {
  const [a, b] = [part('a'), part('b')];
  expect(await openAll(later(a), Promise.resolve(b))).toEqual([a, b]);
  expect(a.close).not.toHaveBeenCalled();
});

it('closes what opened, late ones too, when one fails', async () => {
  const [a, b] = [part('a'), part('b')];
  const opening = openAll(Promise.resolve(a), Promise.reject<typeof a>(new Error('broken file')), later(b));
  await expect(opening).rejects.toThrow('broken file');
  expect([a.close.mock.calls.length, b.close.mock.calls.length]).toEqual([1, 1]);
});
