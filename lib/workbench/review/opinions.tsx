'use client';

import { useId } from 'react';
import { SAME_MASK_IOU, type Opinion, type Opinions } from '@/lib/datasets/contract';
import { maskArea, type Mask } from '@/lib/segmentation/mask';
import { useCommands } from '../commands/commands-context';
import { HATCH_PITCH, type MaskLook } from '../mask-editor/paint-visible';
import { useStore } from '../state/create-store';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checkbox';
import { Kbd } from '../ui/kbd';
import { hiddenOpinions, letterOf, lookOf, toggleOpinion } from './opinion-view';
import { LABEL_NAMES, VERDICT_MARKS, VERDICT_NAMES } from './wording';

/** The letters that have a key of their own. */
const KEYS: readonly string[] = ['review.toggleFirstMask', 'review.toggleSecondMask'];

/** The hatching of a mask, on a dark ground as pictures mostly are, so that it reads in every theme. */
function Swatch({ look: { colour, hatch } }: { look: MaskLook }) {
  const id = useId();
  const paint = `rgb(${colour.join(' ')})`;
  return (
    <svg width="22" height="14" aria-hidden className="shrink-0">
      <pattern
        id={id}
        width={HATCH_PITCH / 2}
        height={HATCH_PITCH / 2}
        patternUnits="userSpaceOnUse"
        patternTransform={hatch === 'dots' ? undefined : `rotate(${hatch === 'rising' ? 45 : -45})`}
      >
        <rect width="1.5" height={hatch === 'dots' ? '1.5' : '100%'} fill={paint} />
      </pattern>
      <rect width="22" height="14" rx="2" fill="#16181b" />
      <rect x="1" y="1" width="20" height="12" rx="1" fill={`url(#${id})`} stroke={paint} strokeWidth="2" />
    </svg>
  );
}

/** What a reviewer decided, in one line. */
function Decision({ opinion: { verdict, label, defectType }, mask }: { opinion: Opinion; mask: Mask | undefined }) {
  const share = mask ? (100 * maskArea(mask)) / mask.data.length : 0;
  return (
    <p className="text-2xs leading-4 text-muted">
      {verdict ? (
        <>
          <span aria-hidden className={VERDICT_MARKS[verdict].className}>
            {VERDICT_MARKS[verdict].mark}
          </span>{' '}
          {VERDICT_NAMES[verdict]} ·{' '}
        </>
      ) : null}
      {LABEL_NAMES[label]}
      {defectType ? `, ${defectType}` : ''} · {mask ? `marks ${share < 0.1 ? '< 0.1' : share.toFixed(1)} %` : 'no mask'}
    </p>
  );
}

function overlapText({ between: [first, second], iou }: Opinions['overlaps'][number]): string {
  const names = `${letterOf(first)} and ${letterOf(second)}`;
  if (iou === null) {
    return `Neither of ${names} marks anything.`;
  }
  const verdict = iou >= SAME_MASK_IOU ? 'the masks count as the same' : 'the masks count as different';
  return `Overlap of ${names} (IoU): ${iou.toFixed(2)}, ${verdict} (${SAME_MASK_IOU.toFixed(2)} is needed).`;
}

/**
 * The legend of the reviewers' masks for who decides between them: who said what, which masks are shown, and how much
 * they overlap.
 */
export function OpinionLegend({
  opinions,
  masks,
  onUse,
}: {
  opinions: Opinions;
  masks: readonly { place: number; mask: Mask }[];
  onUse: (mask: Mask) => void;
}) {
  const hidden = useStore(hiddenOpinions, (places) => places);
  const { registry } = useCommands();
  return (
    <section aria-label="Reviewers’ decisions" data-opinions className="space-y-2 border-b border-line p-3">
      <h3 className="text-2xs font-medium text-muted">Reviewers’ decisions</h3>
      <ul className="space-y-2">
        {opinions.by.map((opinion, place) => {
          const mask = masks.find((each) => each.place === place)?.mask;
          const letter = letterOf(place);
          const command = KEYS[place];
          const key = command === undefined ? undefined : registry.get(command).keybindings?.[0];
          const name = opinion.reviewer?.name ?? 'Somebody';
          return (
            <li key={letter} data-opinion={letter} className="flex items-start gap-2">
              <div className="min-w-0 flex-1">
                <Checkbox
                  checked={mask !== undefined && !hidden.includes(place)}
                  disabled={mask === undefined}
                  onChange={() => toggleOpinion(place)}
                >
                  <span className="flex items-center gap-2 text-xs leading-5">
                    <Swatch look={lookOf(place)} />
                    <span className="min-w-0 truncate text-strong" title={name}>
                      {letter} · {name}
                    </span>
                    {key && mask ? <Kbd binding={key} className="max-md:hidden" /> : null}
                  </span>
                </Checkbox>
                <div className="pl-6">
                  <Decision opinion={opinion} mask={mask} />
                </div>
              </div>
              {mask ? (
                <Button
                  variant="secondary"
                  size="sm"
                  className="max-md:h-9"
                  aria-label={`Use the mask of ${letter}, ${name}`}
                  onClick={() => onUse(mask)}
                >
                  Use
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
      {opinions.overlaps.map((overlap) => (
        <p key={overlap.between.join()} data-overlap className="text-2xs leading-4 text-muted">
          {overlapText(overlap)}
        </p>
      ))}
    </section>
  );
}
