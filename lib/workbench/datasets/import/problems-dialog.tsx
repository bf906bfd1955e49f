'use client';

import { useEffect, useState } from 'react';
import type { ImportJobInfo, ImportProblemInfo } from '@/lib/datasets/contract';
import { ApiError } from '../../client/api';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { datasetsApi } from '../client';

/** The report of an import: what was left out, and why. */
export function ProblemsDialog({ job, onClose }: { job: ImportJobInfo; onClose: () => void }) {
  const [problems, setProblems] = useState<readonly ImportProblemInfo[]>([]);
  const [next, setNext] = useState<number | null>(-1);
  const [error, setError] = useState<string | null>(null);
  const load = async (after: number) => {
    try {
      const page = await datasetsApi.problems(job.datasetId, job.id, after);
      setProblems((known) => (after === -1 ? page.problems : [...known, ...page.problems]));
      setNext(page.next);
    } catch (thrown) {
      setError(thrown instanceof ApiError ? thrown.message : String(thrown));
    }
  };
  useEffect(() => {
    let wanted = true;
    datasetsApi.problems(job.datasetId, job.id, -1).then(
      (page) => {
        if (wanted) {
          setProblems(page.problems);
          setNext(page.next);
        }
      },
      (thrown: unknown) => wanted && setError(thrown instanceof ApiError ? thrown.message : String(thrown)),
    );
    return () => {
      wanted = false;
    };
  }, [job.datasetId, job.id]);
  const { added, updated, unchanged, skipped } = job;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Import of ${job.source}`}
      description={`${added} added, ${updated} updated, ${unchanged} unchanged, ${skipped} skipped`}
      className="w-[min(94vw,48rem)]"
    >
      <div className="min-h-24 overflow-y-auto p-4">
        {error ? (
          <p role="alert" className="text-xs text-high">
            {error}
          </p>
        ) : null}
        {problems.length === 0 && !error ? <p className="text-muted">Nothing was left out.</p> : null}
        <ul className="flex flex-col gap-2 text-xs">
          {problems.map((problem) => (
            <li key={problem.seq}>
              <span className="block font-mono break-all text-fg">{problem.place}</span>
              <span className="text-muted">{problem.message}</span>
            </li>
          ))}
        </ul>
        {next !== null && problems.length > 0 ? (
          <Button variant="secondary" size="sm" className="mt-3 w-full" onClick={() => void load(next)}>
            More
          </Button>
        ) : null}
      </div>
    </Dialog>
  );
}
