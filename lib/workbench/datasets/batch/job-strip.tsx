'use client';

import { Pause, Play, Sparkles, X } from 'lucide-react';
import { useState } from 'react';
import { notify } from '../../ui/notify';
import type { BatchJobInfo, DatasetDetail, DraftJobInfo, ImportJobInfo, JobCommand } from '@/lib/datasets/contract';
import { ApiError } from '../../client/api';
import { openQueue } from '../../review/queue-store';
import { openReview } from '../../state/editors';
import { Button } from '../../ui/button';
import { datasetsApi } from '../client';
import { ImportSummary } from '../import/import-summary';
import { ProblemsDialog } from '../import/problems-dialog';
import { refreshDatasets } from '../use-datasets';

const MODE_NAMES: Record<BatchJobInfo['mode'], string> = {
  zero_shot: 'Inspecting each image alone',
  references: 'Inspecting with references',
  mutual: 'Comparing the images with each other',
};
const STATE_NAMES: Record<ImportJobInfo['state'], string> = {
  waiting: 'waiting',
  running: '',
  paused: 'paused',
  done: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
};

/** "3 min", "40 s", "2 h 5 min". */
function duration(seconds: number): string {
  if (seconds < 60) {
    return `${Math.max(1, Math.round(seconds))} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "2.5/s", or by the minute where an item takes seconds. */
const speedText = (perSecond: number): string =>
  perSecond < 0.5 ? `${(60 * perSecond).toFixed(1)}/min` : `${perSecond.toFixed(1)}/s`;

type Shown = {
  kind: 'imports' | 'batches' | 'drafts';
  id: string;
  title: string;
  state: ImportJobInfo['state'];
  done: number;
  total: number | null;
  eta: number | null;
  speed: number | null;
  error: string | null;
};

const ofImport = (job: ImportJobInfo): Shown => ({
  kind: 'imports',
  id: job.id,
  title: `Importing ${job.source}`,
  state: job.state,
  done: job.position,
  total: job.total,
  eta: job.etaSeconds,
  speed: job.imagesPerSecond,
  error: job.error,
});
/** Of a job over the items of a set. */
const ofItems = (kind: 'batches' | 'drafts', title: string, job: BatchJobInfo | DraftJobInfo): Shown => ({
  ...{ kind, title },
  id: job.id,
  state: job.state,
  done: job.done + job.failed,
  total: job.total,
  eta: job.etaSeconds,
  speed: job.itemsPerSecond,
  error: job.error,
});

const OPEN = new Set(['waiting', 'running', 'paused', 'failed']);

/** The jobs of a set that did not end well yet, and the report of the latest import. */
export function JobStrip({ dataset }: { dataset: DatasetDetail }) {
  const [report, setReport] = useState(false);
  const latest = dataset.imports[0];
  const jobs = [
    ...dataset.imports.slice(0, 1).map(ofImport),
    ...dataset.batches.slice(0, 1).map((job) => ofItems('batches', MODE_NAMES[job.mode], job)),
    ...dataset.drafts.slice(0, 1).map((job) => ofItems('drafts', `Drafting texts with ${job.label}`, job)),
  ].filter(({ state }) => OPEN.has(state));
  return (
    <>
      {jobs.map((job) => (
        <JobRow key={job.id} datasetId={dataset.id} job={job} />
      ))}
      <DraftsToReview dataset={dataset} />
      {latest?.state === 'done' ? (
        <ImportSummary job={latest} counts={dataset.counts} onOpen={() => setReport(true)} />
      ) : null}
      {report && latest ? <ProblemsDialog job={latest} onClose={() => setReport(false)} /> : null}
    </>
  );
}

/** Drafts that wait for a person, and what could not be drafted. */
function DraftsToReview({ dataset: { id, name, drafted, drafts } }: { dataset: DatasetDetail }) {
  const failed = drafts[0]?.state === 'done' ? drafts[0].failed : 0;
  if (drafted === 0 && failed === 0) {
    return null;
  }
  const review = () => {
    openReview({ datasetId: id, name });
    void openQueue(id, { filter: 'drafted', order: 'path' });
  };
  return (
    <section
      aria-label="Drafted texts"
      className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-1.5 text-xs"
    >
      <Sparkles className="size-3.5 text-accent" aria-hidden />
      <span className="flex-1">
        {drafted.toLocaleString()} {drafted === 1 ? 'item has' : 'items have'} drafted texts to review
        {failed > 0 ? ` · ${failed.toLocaleString()} could not be drafted` : ''}
      </span>
      <Button size="sm" variant="secondary" data-review-drafts disabled={drafted === 0} onClick={review}>
        Review drafts
      </Button>
    </section>
  );
}

function JobRow({ datasetId, job }: { datasetId: string; job: Shown }) {
  const act = (action: JobCommand['action']) =>
    datasetsApi.command(datasetId, job.kind, job.id, action).then(
      () => refreshDatasets(datasetId),
      (error: unknown) => {
        notify.error(error instanceof ApiError ? error.message : String(error));
      },
    );
  const fraction = job.total ? job.done / job.total : 0;
  const running = job.state === 'running' || job.state === 'waiting';
  return (
    <section aria-label={job.title} className="border-b border-line px-3 py-1.5 text-xs">
      <div className="flex items-center gap-2">
        <span className="flex min-w-0 flex-1 flex-wrap gap-x-1.5">
          <span className="max-w-full truncate text-fg">{job.title}</span>
          <span className="text-muted tabular-nums">
            {STATE_NAMES[job.state]} {job.done.toLocaleString()} of {job.total?.toLocaleString() ?? '…'}
            {job.state === 'running' && job.speed !== null ? ` · ${speedText(job.speed)}` : ''}
            {job.eta !== null ? ` · ${duration(job.eta)} left` : ''}
          </span>
        </span>
        {running ? (
          <Button size="icon" aria-label="Pause" onClick={() => void act('pause')}>
            <Pause />
          </Button>
        ) : (
          <Button size="icon" aria-label="Go on" onClick={() => void act('resume')}>
            <Play />
          </Button>
        )}
        <Button size="icon" aria-label="Cancel" onClick={() => void act('cancel')}>
          <X />
        </Button>
      </div>
      <div
        role="progressbar"
        aria-label={job.title}
        aria-valuemin={0}
        aria-valuemax={job.total ?? 1}
        aria-valuenow={job.done}
        className="mt-1 h-1 overflow-hidden rounded-full bg-active"
      >
        <div className="h-full rounded-full bg-accent" style={{ width: `${100 * fraction}%` }} />
      </div>
      {job.error ? (
        <p role="alert" className="mt-1 text-high">
          {job.error}
        </p>
      ) : null}
    </section>
  );
}
