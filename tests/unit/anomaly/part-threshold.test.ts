import { outlookAt, suggestThreshold } from '@/lib/anomaly/part-threshold';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

test('with nothing known the threshold is where usual good and defective parts part', () => {
  const { threshold, falseAlarms, misses } = suggestThreshold({ good: [], defects: [] });
  expect(threshold).toBeGreaterThan(0.6);
  expect(threshold).toBeLessThan(0.99);
  expect(falseAlarms + misses).toBeLessThan(0.5);
});

test('a false alarm that was corrected raises it, a missed defect lowers it', () => {
  const good = [0.4, 0.5, 0.6, 0.5].map((score) => score);
  const { threshold } = suggestThreshold({ good, defects: [] });
  const alarms = [0.95, 0.96, 0.955];
  expect(suggestThreshold({ good: [...good, ...alarms], defects: [] }).threshold).toBeGreaterThan(threshold);
  expect(suggestThreshold({ good, defects: [0.61, 0.62, 0.64] }).threshold).toBeLessThan(threshold);
});

test('many known ones outweigh what is believed', () => {
  const good = Array.from({ length: 100 }, (_, index) => sigmoid(2 + index / 100));
  const defects = Array.from({ length: 100 }, (_, index) => sigmoid(5 + index / 100));
  const found = suggestThreshold({ good, defects });
  expect(found.threshold).toBeGreaterThan(sigmoid(2.9));
  expect(found.threshold).toBeLessThan(sigmoid(5.05));
  expect(found.falseAlarms).toBeLessThan(0.03);
  expect(found.misses).toBeLessThan(0.03);
  expect(outlookAt(sigmoid(1), { good, defects }).falseAlarms).toBeGreaterThan(0.95);
});
