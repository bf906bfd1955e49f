import { useId } from 'react';
import { Select } from '../ui/select';
import { COMPARE_VIEWS, type CompareView } from './use-comparison';

const LABELS: Record<CompareView, string> = {
  divider: 'Divider',
  beside: 'Beside each other',
  blink: 'In turns (blink)',
  difference: 'Difference',
};

/** Chooses how the image and its reference are compared. */
export function CompareViews({ view, onChange }: { view: CompareView; onChange: (view: CompareView) => void }) {
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="w-16 text-muted">
        View
      </label>
      <Select
        id={id}
        className="flex-1"
        value={view}
        options={COMPARE_VIEWS.map((value) => ({ value, label: LABELS[value] }))}
        onChange={(value) => onChange(value)}
      />
    </div>
  );
}

/** The cursor over one of two images that stand beside each other, shown at the same place of both. */
export function TwinCursor({ x, y, offset }: { x: number; y: number; offset: number }) {
  return [x, x + offset].map((left, index) => (
    <i
      key={index}
      aria-hidden
      data-twin-cursor
      className="pointer-events-none absolute size-5 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-white shadow-[0_0_0_1px_rgb(0_0_0/60%)]"
      style={{ left, top: y }}
    />
  ));
}

const LABEL =
  'pointer-events-none absolute top-2 max-w-[45%] truncate rounded bg-black/75 px-2 py-0.5 text-2xs text-white';

/** Says what is shown in a view without a divider. */
export function ViewLabels({
  view,
  flipped,
  left,
  right,
}: {
  view: Exclude<CompareView, 'divider'>;
  flipped: boolean;
  left: string;
  right: string;
}) {
  if (view === 'beside') {
    return (
      <>
        <p className={`${LABEL} left-2`}>{left}</p>
        <p className={`${LABEL} left-[calc(50%+0.5rem)]`}>Reference: {right}</p>
        <i aria-hidden className="pointer-events-none absolute inset-y-0 left-1/2 w-px bg-line-strong" />
      </>
    );
  }
  const text = view === 'difference' ? `Difference from ${right}` : flipped ? `Reference: ${right}` : left;
  return (
    <p className={`${LABEL} left-2`} data-compare-label>
      {text}
    </p>
  );
}
