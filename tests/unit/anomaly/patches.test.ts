import fc from 'fast-check';
import { centred, nearness, patchExtents, pooledPatches, topMean } from '@/lib/anomaly/patches';
import { layOut } from '@/lib/vision/layout';
import { sampleManifest } from '../../support/sample-manifest';

const { vision } = sampleManifest();

describe('pooledPatches', () => {
  const shape = { levels: 2, grid: 3, width: 2 };
  const levels = Float32Array.from({ length: 2 * 2 * 9 * 2 }, (_, i) => Math.sin(i * 1.7));

  it('averages a patch with its valid neighbours only, and normalises', () => {
    const pooled = pooledPatches(levels, { view: 1, level: 0 }, { columns: 2, rows: 1 }, shape);
    expect(pooled).toHaveLength(4);
    const start = (1 * 2 + 0) * 9 * 2;
    const sum = [0, 1].map((i) => (levels[start + i] ?? 0) + (levels[start + 2 + i] ?? 0));
    const norm = Math.hypot(...sum);
    for (const patch of [pooled.subarray(0, 2), pooled.subarray(2)]) {
      patch.forEach((value, i) => expect(value).toBeCloseTo((sum[i] ?? 0) / norm, 5));
    }
  });

  it('returns unit vectors', () => {
    const pooled = pooledPatches(levels, { view: 0, level: 1 }, { columns: 3, rows: 3 }, shape);
    for (let i = 0; i < 9; i += 1) {
      expect(Math.hypot(...pooled.subarray(i * 2, i * 2 + 2))).toBeCloseTo(1, 5);
    }
  });
});

it('knows how many patches of each view show the image', () => {
  const extents = patchExtents(layOut({ width: 1000, height: 300 }, vision), vision);
  expect(extents).toEqual([
    { columns: 28, rows: 28 },
    { columns: 28, rows: 25 },
    { columns: 28, rows: 25 },
    { columns: 28, rows: 25 },
  ]);
});

it('marks the patches of a view that are too close to each other', () => {
  const near = nearness({ columns: 4, rows: 3 }, 1);
  const marked = (index: number) =>
    [...near.subarray(index * 12, (index + 1) * 12)].flatMap((v, i) => (v > 0 ? [i] : []));
  expect(near).toHaveLength(144);
  expect(marked(0)).toEqual([0, 1, 4, 5]);
  expect(marked(6)).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11]);
});

it('takes a share of the mean off, and normalises again', () => {
  const found = centred(Float32Array.of(1, 0, 0, 1), Float32Array.of(0.5, 0.5), 1);
  [Math.SQRT1_2, -Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT1_2].forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 6);
  });
});

describe('topMean', () => {
  it('lies between the mean and the maximum, and is the maximum for a tiny fraction', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 2, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (list, fraction) => {
          const values = Float32Array.from(list);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          const top = topMean(values, fraction);
          expect(top).toBeGreaterThanOrEqual(mean - 1e-5);
          expect(top).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
          expect(topMean(values, 1e-9)).toBe(Math.max(...values));
        },
      ),
    );
  });

  it('of nothing is 0', () => {
    expect(topMean(new Float32Array(0), 0.1)).toBe(0);
  });
});
