import type { InspectionState } from '@/lib/anomaly/state';
import { MAX_COUNTED_REGIONS, measureMask } from '@/lib/segmentation/describe';
import type { MaskSource, Segmentation } from '@/lib/segmentation/mask-source';
import { regionsOfMask } from '@/lib/segmentation/regions';
import type { Marked, Perception, Pointer } from '../perception';
import type { TurnModels } from './models';

/** Measures what was cut out on the pixels that it was cut out of. */
function measured(state: InspectionState, segmentation: Segmentation): Marked {
  const { picture } = state;
  const { mask } = segmentation;
  const hasPixels = picture.width === mask.width && picture.height === mask.height;
  return { ...segmentation, measure: measureMask(mask, hasPixels ? picture.pixels : undefined) };
}

/** The mask at a pointer, measured. At presses it may be empty: there the map is 0. */
export async function markAt(segmenter: MaskSource, state: InspectionState, pointer: Pointer): Promise<Marked> {
  if ('hidden' in pointer) {
    return measured(state, await segmenter.segment(state, pointer.hidden));
  }
  const drawn = await segmenter.segmentAt(state, pointer.clicks);
  const { types } = await segmenter.segment(state);
  return measured(state, { ...regionsOfMask(drawn, state.map, MAX_COUNTED_REGIONS), types });
}

/** The experts of the bundle, in this thread. */
export function localPerception({
  bundle,
  look,
  segmenter,
}: Pick<TurnModels, 'bundle' | 'look' | 'segmenter'>): Perception<InspectionState> {
  return {
    bundle,
    inspect: (image, options) => look(image, [], options),
    compare: look,
    segment: (_image, state, pointer) => markAt(segmenter, state, pointer),
  };
}
