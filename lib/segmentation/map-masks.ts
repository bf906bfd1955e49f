import type { InspectionState } from '@/lib/anomaly/state';
import type { RegionLimits, VisionManifest } from '@/lib/engine/manifest';
import { assembleViews } from '@/lib/vision/assemble';
import { type Click, regionAtClicks } from './click-prompt';
import type { Mask } from './mask';
import type { MaskSource, Segmentation } from './mask-source';
import { type ProbabilityMap, extractRegions } from './regions';

type Patches = Pick<VisionManifest, 'grid' | 'patch'>;

/**
 * Masks cut out of the expert's anomaly map, for bundles without a mask decoder (Anomaly-OV has none): the views' maps
 * put together over the image and sampled bilinearly, as the heatmap is, but at the resolution at which masks are
 * worked on. Defect types cannot be told.
 */
export class MapMasks implements MaskSource {
  constructor(
    private readonly vision: Patches,
    private readonly limits: RegionLimits,
  ) {}

  segment(state: InspectionState, prompt?: Float32Array): Promise<Segmentation> {
    const regions = extractRegions(this.probabilities(state), state.image, this.limits, prompt !== undefined);
    return Promise.resolve({ ...regions, types: [] });
  }

  /** The map's connected surrounding of each click, see `regionAtClicks`. */
  segmentAt(state: InspectionState, clicks: readonly Click[]): Promise<Mask> {
    return Promise.resolve(regionAtClicks(this.probabilities(state), state.image, clicks));
  }

  /** There is nothing to free. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private probabilities({ layout, maps, picture: { width, height } }: InspectionState): ProbabilityMap {
    const { grid, patch } = this.vision;
    return {
      width,
      height,
      values: assembleViews(layout, { values: maps, side: grid, step: patch }, { width, height }),
    };
  }
}
