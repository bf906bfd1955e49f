import type { InspectionState } from '@/lib/anomaly/state';
import type { Click } from './click-prompt';
import type { Mask } from './mask';
import type { RegionSet } from './regions';

export type Segmentation = RegionSet & {
  /**
   * Probabilities of the defect types (they add up to 1), the likeliest first; none where the bundle cannot tell types.
   */
  types: { type: string; probability: number }[];
};

/** What draws the masks of a bundle: its mask decoder, or its anomaly map where it has none. */
export type MaskSource = {
  /**
   * Draws the mask of an inspected image, at the image's own resolution.
   * @param prompt hidden state [W] where the answer points at something (H_seg): the mask is then empty only if the map
   *   is 0 everywhere.
   *   Without it the mask may be empty. A source that is no decoder reads nothing of it (an empty one will do).
   */
  segment: (state: InspectionState, prompt?: Float32Array) => Promise<Segmentation>;
  /**
   * The region that clicks point at, at the image's own resolution.
   * @param clicks at least one positive
   */
  segmentAt: (state: InspectionState, clicks: readonly Click[]) => Promise<Mask>;
  close: () => Promise<void>;
};
