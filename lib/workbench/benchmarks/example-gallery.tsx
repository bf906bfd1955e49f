import type { Benchmark, BenchmarkExample } from '@/lib/evaluation/benchmark-contract';
import { benchmarkPictureUrl } from '../client/api';

type Numbered = BenchmarkExample & { index: number };

/** The best and worst judged images of one category of a run, each with its anomaly map. */
export function ExampleGallery({ run, category }: { run: Benchmark; category: string }) {
  const examples = run.examples
    .map((example, index) => ({ ...example, index }))
    .filter((example) => example.category === category);
  return (
    <>
      <Row title="Judged best" run={run} examples={examples.filter(({ end }) => end === 'best')} />
      <Row title="Judged worst" run={run} examples={examples.filter(({ end }) => end === 'worst')} />
    </>
  );
}

function Row({ title, run, examples }: { title: string; run: Benchmark; examples: readonly Numbered[] }) {
  if (examples.length === 0) {
    return null;
  }
  return (
    <section aria-label={title} className="mt-3">
      <h4 className="mb-1.5 text-xs font-medium text-muted">{title}</h4>
      <ul className="flex flex-wrap gap-3">
        {examples.map((example) => (
          <li key={example.index}>
            <ExampleFigure run={run} example={example} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ExampleFigure({ run, example }: { run: Benchmark; example: Numbered }) {
  const truth = example.label === 1 ? `anomalous (${example.type})` : 'normal';
  const url = (picture: 'picture' | 'heatmap') =>
    benchmarkPictureUrl(run.id, example.index, picture, run.report.run.finished);
  return (
    <figure className="w-57">
      <div className="flex gap-1">
        {/* eslint-disable-next-line @next/next/no-img-element -- a stored picture of a private run */}
        <img src={url('picture')} alt={`${example.id}, ${truth}`} loading="lazy" className="size-28 rounded" />
        {/* eslint-disable-next-line @next/next/no-img-element -- as above */}
        <img src={url('heatmap')} alt={`Anomaly map of ${example.id}`} loading="lazy" className="size-28 rounded" />
      </div>
      <figcaption className="mt-1 text-2xs text-muted">
        <span className="text-fg tabular-nums">{example.score.toFixed(3)}</span> · {truth}
        <span className="block truncate" title={example.id}>
          {example.id}
        </span>
      </figcaption>
    </figure>
  );
}
