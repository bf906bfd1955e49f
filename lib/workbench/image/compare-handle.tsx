import { ChevronsLeftRight } from 'lucide-react';
import type { KeyboardEvent, PointerEvent } from 'react';

/** The divider between the image (left) and its reference (right): dragged, or moved with the arrow keys. */
export function CompareHandle({
  split,
  width,
  onChange,
}: {
  split: number;
  width: number;
  onChange: (fraction: number) => void;
}) {
  const fraction = width === 0 ? 0.5 : split / width;
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    event.stopPropagation();
    const bounds = event.currentTarget.parentElement?.getBoundingClientRect();
    if (event.buttons === 1 && bounds) {
      onChange(Math.min(1, Math.max(0, (event.clientX - bounds.left) / bounds.width)));
    }
  };
  const step = (event: KeyboardEvent<HTMLDivElement>) => {
    const moves: Record<string, number> = { ArrowLeft: fraction - 0.02, ArrowRight: fraction + 0.02, Home: 0, End: 1 };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      onChange(Math.min(1, Math.max(0, next)));
    }
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Divider between the image and the normal reference"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(fraction * 100)}
      className="absolute inset-y-0 z-10 w-6 -translate-x-1/2 cursor-ew-resize touch-none outline-none [&:focus-visible>span]:ring-2 [&:focus-visible>span]:ring-focus"
      style={{ left: split }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onKeyDown={step}
    >
      <i className="absolute inset-y-0 left-1/2 w-0.5 -translate-x-1/2 bg-white shadow-[0_0_0_1px_rgb(0_0_0/50%)]" />
      <span className="absolute bottom-10 left-1/2 grid size-7 -translate-x-1/2 place-items-center rounded-full bg-white text-black shadow-md">
        <ChevronsLeftRight className="size-4" aria-hidden />
      </span>
    </div>
  );
}

const LABEL =
  'pointer-events-none absolute top-2 max-w-[40%] truncate rounded bg-black/75 px-2 py-0.5 text-2xs text-white';

/** Says which side of the divider shows what. */
export function CompareLabels({ left, right, split }: { left: string; right: string; split: number }) {
  return (
    <>
      <p className={LABEL} style={{ right: `calc(100% - ${split - 8}px)` }}>
        {left}
      </p>
      <p className={LABEL} style={{ left: split + 8 }}>
        Reference: {right}
      </p>
    </>
  );
}
