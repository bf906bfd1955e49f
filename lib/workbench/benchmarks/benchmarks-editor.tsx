'use client';

import { ChartSpline } from 'lucide-react';
import { useId, useState } from 'react';
import type { Benchmark } from '@/lib/evaluation/benchmark-contract';
import { useStore } from '../state/create-store';
import { Empty } from '../ui/empty';
import { Select } from '../ui/select';
import { CurveChart, HistogramChart, type CategoryOfRun } from './charts';
import { ExampleGallery } from './example-gallery';
import { MetricsTable, SeriesMark } from './metrics-table';
import { comparedStore, MAX_COMPARED } from './selection';
import { runName } from './series';
import { useBenchmarks } from './use-benchmarks';

const MEAN = '';

/** One run, or up to four beside each other: figures, curves, score histograms, best and worst images, problems. */
export function BenchmarksEditor() {
  const ids = useStore(comparedStore, (compared) => compared);
  const { runs, error } = useBenchmarks(ids);
  if (error) {
    return (
      <Empty icon={ChartSpline} title="The run cannot be shown">
        {error}
      </Empty>
    );
  }
  if (ids.length === 0) {
    return (
      <Empty icon={ChartSpline} title="Choose a run">
        Pick an evaluation in the side bar. Tick up to {MAX_COMPARED} to compare them.
      </Empty>
    );
  }
  return runs === null ? <div className="flex-1" aria-busy /> : <Comparison runs={runs} />;
}

function Comparison({ runs }: { runs: readonly Benchmark[] }) {
  const selectId = useId();
  const categories = [
    ...new Set(runs.flatMap(({ report }) => report.categories.map(({ category }) => category))),
  ].sort();
  const [chosen, setChosen] = useState(MEAN);
  const category = categories.includes(chosen) ? chosen : MEAN;
  // Curves and images belong to one category: while the mean is shown, each run's first.
  const parts: CategoryOfRun[] = runs.flatMap((run, position) => {
    const all = run.report.categories;
    const found = category === MEAN ? all[0] : all.find((entry) => entry.category === category);
    return found ? [{ run, position, category: found }] : [];
  });
  const firstOnes = [...new Set(parts.map((part) => part.category.category))].join(', ');
  return (
    <div className="flex-1 overflow-y-auto" data-benchmarks>
      <div className="mx-auto max-w-5xl space-y-6 px-4 py-5 sm:px-8">
        <header className="space-y-1">
          <h2 className="text-xl font-semibold text-strong">
            {runs.length === 1 && runs[0] ? runName(runs[0]) : `${runs.length} runs compared`}
          </h2>
          <p className="text-xs text-muted">
            In percent; below the image AUROC its 95 % bootstrap interval. Figures of papers are quoted, not measured
            here.
          </p>
        </header>
        <MetricsTable runs={runs} category={category === MEAN ? null : category} />
        {categories.length > 1 ? (
          <div className="flex items-center gap-2 text-xs">
            <label htmlFor={selectId}>Category</label>
            <Select
              id={selectId}
              value={category}
              options={[{ value: MEAN, label: 'Mean of all' }, ...categories.map((value) => ({ value, label: value }))]}
              onChange={setChosen}
            />
            {category === MEAN ? <span className="text-muted">Curves and images below: {firstOnes}</span> : null}
          </div>
        ) : null}
        <section aria-label="Curves" className="flex flex-wrap gap-6">
          <CurveChart kind="roc" parts={parts} />
          <CurveChart kind="pro" parts={parts} />
          {parts.map((part) => (
            <HistogramChart key={part.run.id} part={part} />
          ))}
        </section>
        {runs.map((run, position) => (
          <RunDetails
            key={run.id}
            run={run}
            position={position}
            category={parts.find((part) => part.position === position)?.category.category ?? null}
          />
        ))}
      </div>
    </div>
  );
}

function RunDetails({ run, position, category }: { run: Benchmark; position: number; category: string | null }) {
  const { detector, options, problems, run: measured } = run.report;
  return (
    <section aria-label={runName(run)} className="border-t border-line pt-4">
      <h3 className="font-semibold text-strong">
        <SeriesMark position={position} /> {runName(run)}
      </h3>
      <p className="mt-0.5 text-xs text-muted">
        {detector} · seed {options.seed} · {options.resamples} resamples · {measured.imagesPerSecond.toFixed(2)}{' '}
        images/s · {Math.round(measured.peakMemoryMb)} MB · {measured.finished.slice(0, 16).replace('T', ' ')} UTC
      </p>
      {category === null ? null : <ExampleGallery run={run} category={category} />}
      {problems.length > 0 ? (
        <details className="mt-3 text-xs">
          <summary className="cursor-pointer font-medium text-mid">
            {problems.length === 1 ? '1 problem with the set' : `${problems.length} problems with the set`}
          </summary>
          <ul className="mt-1 list-disc space-y-0.5 pl-5 text-muted">
            {problems.map(({ code, where, message }, index) => (
              <li key={index} className="wrap-anywhere">
                <b className="font-medium text-fg">{where}</b> ({code}): {message}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
