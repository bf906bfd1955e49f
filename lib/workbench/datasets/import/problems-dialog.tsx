'use client';

import { FileDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { groupProblems, type ImportJobInfo, type ImportProblemInfo } from '@/lib/datasets/contract';
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
        <ul aria-label="Reasons" className="mb-3 flex flex-col gap-0.5 text-xs">
          {groupProblems(job.problemCodes).map(({ code, count, title }) => (
            <li key={code} className="flex gap-2">
              <span className="w-10 shrink-0 text-right font-medium text-fg tabular-nums">
                {count.toLocaleString()}
              </span>
              <span className="text-fg">{title}</span>
            </li>
          ))}
        </ul>
        {problems.length > 0 ? (
          <a
            href={datasetsApi.problemsUrl(job.datasetId, job.id)}
            download
            className="mb-3 flex items-center gap-1 text-xs text-accent hover:underline"
          >
            <FileDown className="size-3.5" aria-hidden /> All as a CSV file
          </a>
        ) : null}
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
