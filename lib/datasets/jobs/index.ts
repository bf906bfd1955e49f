import { rm } from 'node:fs/promises';
import { changeBatchJob, getBatchJob, listUnfinishedBatches, moveBatchJob } from '@/lib/database/batch-jobs';
import { changeDraftJob, getDraftJob, listUnfinishedDraftJobs, moveDraftJob } from '@/lib/database/draft-jobs';
import { changeImportJob, getImportJob, listUnfinishedImports, moveImportJob } from '@/lib/database/import-jobs';
import { getEngine } from '@/lib/engine/worker/client';
import { AppError } from '@/lib/http/app-error';
import { log } from '@/lib/http/log';
import { runBatch } from '../batch/run-batch';
import type { JobCommand } from '../contract';
import { runDrafts } from '../drafts/run';
import { ChildReader } from '../import/reader/child-reader';
import { runImport } from '../import/run-import';
import { JobQueue } from './job-queue';

type JobQueues = { imports: JobQueue; batches: JobQueue; drafts: JobQueue };
type Kind = keyof JobQueues;

// Kept on `globalThis`, since Next.js may load this module once per route.
const holder = globalThis as typeof globalThis & { looktwiceJobs?: JobQueues };

function jobQueues(): JobQueues {
  holder.looktwiceJobs ??= {
    imports: new JobQueue(
      async (id, signal) => {
        if ((await getImportJob(id))?.state === 'waiting') {
          await runImport(id, { signal, openReader: () => new ChildReader() });
        }
      },
      (jobId, error) => log.error({ err: error, jobId }, 'an import failed'),
    ),
    batches: new JobQueue(
      async (id, signal) => {
        if ((await getBatchJob(id))?.state === 'waiting') {
          await runBatch(id, { engine: getEngine(), signal });
        }
      },
      (jobId, error) => log.error({ err: error, jobId }, 'a batch inspection failed'),
    ),
    drafts: new JobQueue(
      async (id, signal) => {
        if ((await getDraftJob(id))?.state === 'waiting') {
          await runDrafts(id, { engine: getEngine(), signal });
        }
      },
      (jobId, error) => log.error({ err: error, jobId }, 'drafting texts failed'),
    ),
  };
  return holder.looktwiceJobs;
}

const find = { imports: getImportJob, batches: getBatchJob, drafts: getDraftJob } as const;
const move = { imports: moveImportJob, batches: moveBatchJob, drafts: moveDraftJob } as const;
const change = { imports: changeImportJob, batches: changeBatchJob, drafts: changeDraftJob } as const;

/** Begins a waiting job as soon as the ones before it are done. */
export function enqueue(kind: Kind, { id, ownerId }: { id: string; ownerId: string }): void {
  jobQueues()[kind].push(id, ownerId);
}

/** Takes up what the server was at when it ended. */
export async function resumeJobs(): Promise<void> {
  for (const job of await listUnfinishedImports('server')) {
    await moveImportJob(job.id, ['running'], 'waiting');
    enqueue('imports', job);
  }
  for (const job of await listUnfinishedBatches('server')) {
    await moveBatchJob(job.id, ['running'], 'waiting');
    enqueue('batches', job);
  }
  for (const job of await listUnfinishedDraftJobs('server')) {
    await moveDraftJob(job.id, ['running'], 'waiting');
    enqueue('drafts', job);
  }
}

/** Stops the running jobs where they are; `resumeJobs` takes them up. */
export async function closeJobs(): Promise<void> {
  const open = holder.looktwiceJobs;
  await Promise.all([open?.imports.close(), open?.batches.close(), open?.drafts.close()]);
  delete holder.looktwiceJobs;
}

/**
 * Pauses, resumes or cancels a job. What was done stays.
 * @throws AppError conflict when its state does not allow it
 */
export async function command(kind: Kind, id: string, action: JobCommand['action']): Promise<void> {
  const refuse = () => new AppError('conflict', `The job cannot ${action} now: look at its state again`);
  switch (action) {
    case 'pause':
      if (!(await move[kind](id, ['waiting', 'running'], 'paused'))) {
        throw refuse();
      }
      await jobQueues()[kind].stop(id);
      return;
    case 'resume': {
      const job = await find[kind](id);
      if (job === null || !(await move[kind](id, ['paused', 'failed'], 'waiting'))) {
        throw refuse();
      }
      enqueue(kind, job);
      return;
    }
    case 'cancel': {
      if (!(await move[kind](id, ['waiting', 'running', 'paused', 'failed'], 'cancelled'))) {
        throw refuse();
      }
      await jobQueues()[kind].stop(id);
      await change[kind](id, { finishedAt: new Date() });
      if (kind === 'imports') {
        await removeStaged(id);
      }
    }
  }
}

async function removeStaged(id: string): Promise<void> {
  const job = await getImportJob(id);
  if (job?.staged === true) {
    await rm(job.directory, { recursive: true, force: true });
  }
}
