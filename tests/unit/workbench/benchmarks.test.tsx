import { render, screen, within } from '@testing-library/react';
import type { Benchmark } from '@/lib/evaluation/benchmark-contract';
import { reportSchema } from '@/lib/evaluation/report';
import { CurveChart } from '@/lib/workbench/benchmarks/charts';
import { MetricsTable } from '@/lib/workbench/benchmarks/metrics-table';
import { comparedStore, forgetRun, MAX_COMPARED, showRun, toggleCompared } from '@/lib/workbench/benchmarks/selection';

/** A run of one category whose figures all come from `auroc`. */
function run(letter: string, auroc: number, set: { name: string; published: string | null }): Benchmark {
  const image = { auroc, averagePrecision: auroc - 0.1, f1Max: auroc - 0.2, intervals: null };
  return {
    id: letter.repeat(32),
    examples: [],
    report: reportSchema.parse({
      format: 1,
      dataset: { ...set, layout: 'mvtec' },
      detector: 'test@1',
      options: { mode: 'zero-shot', shots: 0, limit: null, seed: 0, pixelSize: 256, resamples: 100 },
      categories: [
        {
          category: 'cup',
          normal: 2,
          anomalous: 2,
          references: [],
          image: { ...image, f1Threshold: 0.5 },
          pixel: null,
          curves: {
            roc: [
              { x: 0, y: 0 },
              { x: 1, y: 1 },
            ],
            pro: [],
          },
          histogram: { normal: [2, 0], anomalous: [0, 2] },
        },
      ],
      mean: {
        imageCategories: 1,
        pixelCategories: 0,
        image,
        pixel: { auroc: null, averagePrecision: null, f1Max: null, pro: null, aupimo: null },
      },
      images: [],
      problems: [],
      run: { finished: '2026-01-01T00:00:00.000Z', seconds: 1, imagesPerSecond: 1, peakMemoryMb: 1 },
    }),
  };
}

const visa = { name: 'visa', published: 'VisA' };
const cells = { name: 'cells', published: null };

describe('comparison of runs', () => {
  it('marks what was measured and what is quoted', () => {
    render(<MetricsTable runs={[run('a', 0.9, visa)]} category={null} />);
    const ours = screen.getByRole('row', { name: /VisA, zero-shot/ });
    expect(ours).toHaveTextContent('90.0');
    expect(ours).toHaveTextContent('measured here');
    const quoted = screen.getByRole('row', { name: /^Anomaly-OV/ });
    expect(quoted).toHaveTextContent('91.1');
    expect(quoted).toHaveTextContent('quoted: Xu et al.');
  });

  it('marks the better figure only between runs of the same set', () => {
    const bold = () =>
      screen
        .getAllByRole('row')
        .slice(1, 3)
        .map((row) => within(row).getAllByRole('cell')[0]?.classList.contains('font-bold'));
    const { rerender } = render(<MetricsTable runs={[run('a', 0.7, cells), run('b', 0.8, cells)]} category={null} />);
    expect(bold()).toEqual([false, true]);
    rerender(<MetricsTable runs={[run('a', 0.7, cells), run('b', 0.8, visa)]} category={null} />);
    expect(bold()).toEqual([false, false]);
  });

  it('draws one line per run that has a curve, and says the areas', () => {
    const runs = [run('a', 0.7, cells), run('b', 0.8, visa)];
    const parts = runs.flatMap((each, position) =>
      each.report.categories.map((category) => ({ run: each, position, category })),
    );
    const { container, rerender } = render(<CurveChart kind="roc" parts={parts} />);
    expect(container.querySelectorAll('polyline')).toHaveLength(2);
    expect(screen.getByRole('img').getAttribute('aria-label')).toContain('cells, zero-shot: area 70.0 %');
    rerender(<CurveChart kind="pro" parts={parts} />);
    expect(container.querySelector('svg')).toBeNull();
  });
});

describe('choice of runs', () => {
  it('keeps the latest chosen ones, and lets go of deleted ones', () => {
    showRun('a');
    ['b', 'c', 'd', 'e'].forEach(toggleCompared);
    expect(comparedStore.get()).toEqual(['b', 'c', 'd', 'e'].slice(-MAX_COMPARED));
    toggleCompared('c');
    forgetRun('e');
    expect(comparedStore.get()).toEqual(['b', 'd']);
  });
});
