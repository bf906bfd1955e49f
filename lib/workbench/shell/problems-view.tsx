'use client';

import { ShieldCheck } from 'lucide-react';
import { showProblem } from '../commands/problem-navigation';
import { findingName, formatExtent } from '@/lib/segmentation/mask-words';
import { useStore } from '../state/create-store';
import { imageStore, listProblems, type Problem } from '../state/images';
import { Empty } from '../ui/empty';
import { SeverityIcon } from '../ui/severity-icon';

/** Every region found, under its image. A click opens the image and zooms to the region; F8 walks through them. */
export function ProblemsView() {
  const problems = useStore(imageStore, listProblemsCached);
  if (problems.length === 0) {
    return (
      <Empty icon={ShieldCheck} title="No anomalies found so far">
        Regions that an inspection marks are listed here, worst first.
      </Empty>
    );
  }
  const groups = groupByImage(problems);
  return (
    <div className="py-1">
      {[...groups].map(([imageId, rows]) => (
        <section key={imageId} aria-label={rows[0]?.imageName}>
          <h3 className="flex items-center gap-2 px-3 py-1 text-ui text-fg">
            <span className="truncate">{rows[0]?.imageName}</span>
            <span className="rounded-full bg-active px-1.5 text-2xs tabular-nums">{rows.length}</span>
          </h3>
          <ul>
            {rows.map((problem) => (
              <li key={problem.regionId}>
                <button
                  type="button"
                  data-problem={problem.regionId}
                  onClick={() => showProblem(problem)}
                  className="flex w-full items-center gap-2 py-0.75 pr-3 pl-7 text-left hover:bg-hover"
                >
                  <SeverityIcon severity={problem.severity} />
                  <span className="shrink-0">
                    {findingName(problem.type)}, {problem.place}
                  </span>
                  <span className="truncate text-muted">
                    {formatExtent(problem.extentPercent)} · {problem.severity} · score {problem.score.toFixed(2)}
                  </span>
                  <span className="ml-auto shrink-0 font-mono max-md:hidden text-2xs text-muted">
                    [{problem.bbox.map(Math.round).join(', ')}]
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

let cached: { images: unknown; problems: Problem[] } | null = null;

/** The same array for the same images, so that the list renders only when something was found. */
function listProblemsCached(images: Parameters<typeof listProblems>[0]): Problem[] {
  if (cached?.images !== images) {
    cached = { images, problems: listProblems(images) };
  }
  return cached.problems;
}

function groupByImage(problems: readonly Problem[]): Map<string, Problem[]> {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    groups.set(problem.imageId, [...(groups.get(problem.imageId) ?? []), problem]);
  }
  return groups;
}
