import type { Opinions } from '@/lib/datasets/contract';
import { decodeRle } from '@/lib/segmentation/rle';
import type { ComparedMask } from '../mask-editor/mask-stage';
import type { MaskLook } from '../mask-editor/paint-visible';
import { createStore } from '../state/create-store';

/**
 * Blue and yellow keep apart for every kind of colour vision, and neither is the magenta of the own mask; the hatching
 * crosses where two masks overlap, so that no meaning hangs on colour alone.
 */
const LOOKS: readonly [MaskLook, ...MaskLook[]] = [
  { colour: [64, 196, 255], hatch: 'rising' },
  { colour: [255, 204, 0], hatch: 'falling' },
  { colour: [140, 230, 110], hatch: 'dots' },
];

/** Places in the list of opinions whose masks are not shown. The choice holds from item to item. */
export const hiddenOpinions = createStore<readonly number[]>([]);

export function toggleOpinion(place: number): void {
  hiddenOpinions.set((hidden) =>
    hidden.includes(place) ? hidden.filter((each) => each !== place) : [...hidden, place],
  );
}

export const lookOf = (place: number): MaskLook => LOOKS[place % LOOKS.length] ?? LOOKS[0];

/** A, B, C …: what the picture, the legend and the keys call a reviewer. */
export const letterOf = (place: number): string => String.fromCharCode(65 + place);

/** The reviewers' masks, decoded; `place` is that in the list of opinions. */
export function opinionMasks(opinions: Opinions | null): (ComparedMask & { place: number })[] {
  return (opinions?.by ?? []).flatMap(({ mask }, place) =>
    mask === null ? [] : [{ place, name: letterOf(place), mask: decodeRle(mask), look: lookOf(place) }],
  );
}
