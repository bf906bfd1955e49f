import type { Problem } from '../state/images';
import { cn } from '../ui/cn';
import { findingName, formatExtent } from '@/lib/segmentation/mask-words';
import type { Viewport } from './viewport';

const TONE = { minor: 'border-low', moderate: 'border-mid', severe: 'border-high' } as const;

/** Boxes and labels of the regions, in screen pixels: they keep their size at every zoom. */
export function RegionOverlay({
  problems,
  view,
  selectedId,
  onSelect,
  clip,
}: {
  problems: readonly Problem[];
  view: Viewport;
  selectedId: string | null;
  onSelect: (problem: Problem) => void;
  /** Nothing is drawn to the right of this x (a reference shows there); null: everywhere. */
  clip: number | null;
}) {
  return (
    <div
      className="pointer-events-none absolute inset-0 overflow-hidden"
      style={clip === null ? undefined : { right: 'auto', width: clip }}
    >
      {problems.map((problem, index) => {
        const [x, y, width, height] = problem.bbox;
        const selected = problem.regionId === selectedId;
        return (
          <div
            key={problem.regionId}
            className={cn('absolute rounded-xs border', TONE[problem.severity], selected && 'border-2')}
            style={{
              transform: `translate(${view.x + x * view.scale - 3}px, ${view.y + y * view.scale - 3}px)`,
              width: Math.max(8, width * view.scale + 6),
              height: Math.max(8, height * view.scale + 6),
              boxShadow: '0 0 0 1px rgb(0 0 0 / 45%)',
            }}
          >
            <button
              type="button"
              onClick={() => onSelect(problem)}
              onPointerDown={(event) => event.stopPropagation()}
              className="pointer-events-auto absolute bottom-full left-0 mb-0.5 flex items-center gap-1 rounded bg-black/80 px-1.5 py-px text-2xs whitespace-nowrap text-white"
            >
              <b>{index + 1}</b>
              <span className={selected || problems.length <= 3 ? '' : 'sr-only'}>
                {findingName(problem.type)} · {formatExtent(problem.extentPercent)}
              </span>
              <span className="sr-only">{problem.place}, zoom to it</span>
            </button>
          </div>
        );
      })}
    </div>
  );
}
