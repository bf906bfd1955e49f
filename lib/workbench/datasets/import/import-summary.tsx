'use client';

import { CircleSlash, FileDown, FileWarning, ImageIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  countEffect,
  type DatasetCounts,
  groupProblems,
  type ImportJobInfo,
  leadingProblems,
} from '@/lib/datasets/contract';
import { cn } from '../../ui/cn';
import { datasetsApi } from '../client';

/** Reasons that are shown without opening the list. */
const SHOWN = 4;

/**
 * What an import read, what has no label, what was left out, and why. It stays on the page as long as there is
 * something to know.
 */
export function ImportSummary({
  job,
  counts,
  onOpen,
}: {
  job: ImportJobInfo;
  counts: DatasetCounts;
  onOpen: () => void;
}) {
  const groups = groupProblems(job.problemCodes);
  const leftOut = countEffect(job.problemCodes, 'left_out');
  if (groups.length === 0) {
    return null;
  }
  const isGrave = leftOut + counts.unlabelled + countEffect(job.problemCodes, 'unread') > 0;
  return (
    <section
      aria-label="Import summary"
      data-import-summary
      className={cn('border-b border-line px-3 py-2 text-xs', isGrave && 'border-l-2 border-l-high bg-high-soft')}
    >
      <h2 className="flex items-center gap-1.5 font-medium text-fg">
        {isGrave ? <TriangleAlert className="size-4 shrink-0 text-high" aria-hidden /> : null}
        <span className="min-w-0 truncate">Import of {job.source}</span>
      </h2>
      <dl className="mt-1.5 grid grid-cols-3 gap-2">
        <Figure icon={<ImageIcon />} name="read" value={counts.items} />
        <Figure icon={<CircleSlash />} name="unlabelled" value={counts.unlabelled} isGrave={counts.unlabelled > 0} />
        <Figure icon={<FileWarning />} name="left out" value={leftOut} isGrave={leftOut > 0} />
      </dl>
      <ul className="mt-1.5 flex flex-col gap-0.5 text-muted">
        {leadingProblems(groups, SHOWN).map(({ code, title, count }) => (
          <li key={code} className="flex gap-2">
            <span className="w-10 shrink-0 text-right text-fg tabular-nums">{count.toLocaleString()}</span>
            <span className="min-w-0">{title}</span>
          </li>
        ))}
      </ul>
      <p className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1">
        <button type="button" onClick={onOpen} className="text-link hover:underline">
          {groups.length > SHOWN
            ? `All ${groups.length} reasons, with file and line`
            : 'Every problem, with file and line'}
        </button>
        <a
          href={datasetsApi.problemsUrl(job.datasetId, job.id)}
          download
          className="flex items-center gap-1 text-link hover:underline"
        >
          <FileDown className="size-3.5" aria-hidden /> CSV
        </a>
      </p>
    </section>
  );
}

function Figure({
  icon,
  name,
  value,
  isGrave = false,
}: {
  icon: ReactNode;
  name: string;
  value: number;
  isGrave?: boolean;
}) {
  return (
    <div className={cn('min-w-0 rounded-md border border-line bg-raised px-2 py-1', isGrave && 'border-high')}>
      <dt className="flex items-center gap-1 text-2xs text-muted [&_svg]:size-3 [&_svg]:shrink-0">
        {icon}
        {name}
      </dt>
      <dd className={cn('text-base font-semibold tabular-nums', isGrave ? 'text-high' : 'text-fg')}>
        {value.toLocaleString()}
      </dd>
    </div>
  );
}
