import { likeliest } from '@/lib/turn/local/plan-head';

test('the likeliest name, with its probability', () => {
  const names = ['place', 'size', 'cause'];
  // Two weights and a bias each.
  const rows = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const [name, probability] = likeliest({ names, rows }, Float32Array.of(0, 2));
  expect(name).toBe('size');
  expect(probability).toBeCloseTo(Math.exp(2) / (Math.exp(2) + Math.exp(1) + 1), 6);
  expect(likeliest({ names, rows }, Float32Array.of(0, -500))).toEqual(['cause', expect.closeTo(0.731, 3)]);
});
