import { groupOfOneKind } from '@/lib/anomaly/one-kind';

/** Each image is a number here, and how far apart two are is their difference. */
const traits = (...values: number[]) => values.map((value) => [Float32Array.of(value), Float32Array.of(value)]);
const similarity = {
  distances: (a: Float32Array, b: Float32Array) =>
    Promise.resolve(Float32Array.of(Math.abs((a[0] ?? 0) - (b[0] ?? 0)))),
};
const group = (...values: number[]) => groupOfOneKind(traits(...values), similarity);

test('images of one kind are one group', async () => {
  expect(await group(1, 1.01, 1.02, 1, 1.05, 0.98, 1.1, 1.03)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('what shows something else is left out, wherever it stands', async () => {
  expect(await group(9, 1, 1, 1, 5, 1, 1, 1, 1, 1, 7)).toEqual([1, 2, 3, 5, 6, 7, 8, 9]);
});

test('of two kinds the larger group is taken', async () => {
  expect(await group(1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3)).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16]);
});

test('fewer than eight of one kind are no set, and neither are images without patches', async () => {
  expect(await group(1, 1, 1, 1, 1, 1, 1, 5, 6, 7)).toEqual([]);
  expect(
    await groupOfOneKind(
      Array.from({ length: 9 }, () => []),
      similarity,
    ),
  ).toEqual([]);
});
