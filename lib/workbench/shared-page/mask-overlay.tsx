import type { SharedPicture } from '@/lib/sharing/shared-view';
import { findingName } from '@/lib/segmentation/mask-words';
import { MaskDrawing } from '../image/mask-drawing';

/** The mask as a vector drawing, sharp at any zoom, and the findings' numbers; covers the image it lies on. */
export function MaskOverlay({ picture: { outline, marks }, shown }: { picture: SharedPicture; shown: boolean }) {
  if (outline === null || !shown) {
    return null;
  }
  return (
    <span className="pointer-events-none absolute inset-0 block" aria-hidden data-shared-mask>
      <MaskDrawing outline={outline} fit="fill" />
      {marks.map(({ number, label, x, y }) => (
        <span
          key={number}
          title={findingName(label)}
          className="absolute grid size-4.5 -translate-x-1/2 -translate-y-full place-items-center rounded-full border border-white bg-[#a8105a] text-[0.6875rem] leading-none font-semibold text-white tabular-nums"
          style={{ left: `${Math.max(0.02, x) * 100}%`, top: `${Math.max(0.05, y) * 100}%` }}
        >
          {number}
        </span>
      ))}
    </span>
  );
}
