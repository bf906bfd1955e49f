'use client';

import { ChartSpline, GitCompareArrows, RefreshCw, Trash2 } from 'lucide-react';
import type { BenchmarkSummary } from '@/lib/evaluation/benchmark-contract';
import { describeMode, percent } from '@/lib/evaluation/report-table';
import { api } from '../client/api';
import { relativeTime } from '../shell/relative-time';
import { SideHeader } from '../shell/side-header';
import { useStore } from '../state/create-store';
import { notify } from '../ui/notify';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checkbox';
import { cn } from '../ui/cn';
import { Empty } from '../ui/empty';
import { ContextMenu } from '../ui/menu';
import { Tooltip } from '../ui/tooltip';
import { comparedStore, forgetRun, showRun, toggleCompared } from './selection';
import { refreshBenchmarks, useBenchmarkList } from './use-benchmarks';

/** The registered evaluation runs, the latest first; ticked ones are compared in the editor. */
export function BenchmarksView() {
  const { benchmarks, error } = useBenchmarkList();
  const compared = useStore(comparedStore, (ids) => ids);
  return (
    <>
      <SideHeader title="Benchmarks">
        <Tooltip label="Read the list again">
          <Button size="icon" aria-label="Read the list again" onClick={() => void refreshBenchmarks()}>
            <RefreshCw />
          </Button>
        </Tooltip>
      </SideHeader>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {error ? (
          <p role="alert" className="px-2 py-1 text-xs text-high">
            {error}
          </p>
        ) : null}
        {benchmarks?.length === 0 ? (
          <Empty icon={ChartSpline} title="No evaluation yet">
            Measure the model on a data set and the run appears here:
            <code className="mt-2 block rounded bg-hover px-2 py-1 text-left text-2xs wrap-anywhere">
              npm run looktwice -- eval FOLDER
            </code>
          </Empty>
        ) : null}
        <ul aria-label="Evaluation runs">
          {benchmarks?.map((benchmark) => (
            <li key={benchmark.id}>
              <RunRow benchmark={benchmark} compared={compared.includes(benchmark.id)} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

async function remove({ id, dataset }: BenchmarkSummary): Promise<void> {
  try {
    await api.deleteBenchmark(id);
    forgetRun(id);
    await refreshBenchmarks();
    notify.success(`The run on ${dataset.name} was deleted. The eval command brings it back.`);
  } catch (error) {
    notify.error(error instanceof Error ? error.message : String(error));
  }
}

function RunRow({ benchmark, compared }: { benchmark: BenchmarkSummary; compared: boolean }) {
  const { id, dataset, mean, normal, anomalous, finished, problems } = benchmark;
  const name = dataset.published ?? dataset.name;
  const mode = describeMode(benchmark);
  return (
    <ContextMenu
      entries={[
        { id: 'show', label: 'Show alone', icon: <ChartSpline />, onSelect: () => showRun(id) },
        {
          id: 'compare',
          label: compared ? 'Take out of the comparison' : 'Add to the comparison',
          icon: <GitCompareArrows />,
          onSelect: () => toggleCompared(id),
        },
        { id: 'delete', label: 'Delete', icon: <Trash2 />, separator: true, onSelect: () => void remove(benchmark) },
      ]}
    >
      <div
        data-benchmark-row={id}
        className={cn('flex items-start gap-2 rounded-md px-2 py-1.5 hover:bg-hover', compared && 'bg-active')}
      >
        <Checkbox checked={compared} onChange={() => toggleCompared(id)}>
          <span className="sr-only">{`Compare ${name}, ${mode}`}</span>
        </Checkbox>
        <button type="button" onClick={() => showRun(id)} className="min-w-0 flex-1 text-left">
          <span className="flex items-baseline justify-between gap-2">
            <span className="truncate font-medium text-strong">{name}</span>
            <span className="text-xs tabular-nums">{percent(mean.image.auroc ?? mean.pixel.auroc)}</span>
          </span>
          <span className="block truncate text-2xs text-muted">
            {mode} · {normal} + {anomalous} images
          </span>
          <span className="block truncate text-2xs text-muted">
            {relativeTime(finished)}
            {problems > 0 ? ` · ${problems} ${problems === 1 ? 'problem' : 'problems'}` : ''}
          </span>
        </button>
      </div>
    </ContextMenu>
  );
}
