import type { InspectionState } from '@/lib/anomaly/state';
import { materialOf, severityOf } from '@/lib/knowledge';
import { type MaskMeasure, evidenceText, measureMask } from '@/lib/segmentation/describe';
import type { Bbox } from '@/lib/segmentation/mask';
import { encodeRle } from '@/lib/segmentation/rle';
import type { TurnFinding } from './context';
import { findingRows, nameType } from './finding';
import type { TurnModels } from './models';
import type { TurnEvent, TurnImage } from './types';

/** What `<seg>` gave: the finding with its evidence, and the events that show it. */
export type Pointing = { finding: TurnFinding; events: TurnEvent[]; measure: MaskMeasure };

/**
 * Turns H_seg into the mask and measures it; undefined when the mask is empty. The evidence is measured on the very mask that is shown.
 * @param prompt H_seg [W], the hidden state at `<seg>`
 * @param words what the user wrote: where a material may be named
 */
export async function pointAt(
  { playbook, segmenter }: Pick<TurnModels, 'playbook' | 'segmenter'>,
  image: TurnImage,
  state: InspectionState,
  prompt: Float32Array,
  words: string,
): Promise<Pointing | undefined> {
  const segmentation = await segmenter.segment(state, prompt);
  const { mask, regions, types } = segmentation;
  if (regions.length === 0) {
    return undefined;
  }
  const { picture } = state;
  const hasPixels = picture.width === mask.width && picture.height === mask.height;
  const measure = measureMask(mask, hasPixels ? picture.pixels : undefined);
  const defect = nameType(playbook, types);
  const material = materialOf(playbook, words);
  const severity = severityOf(playbook, {
    defect,
    extentPercent: measure.extentPercent,
    count: measure.regions.length,
  });
  const areaFraction = regions.reduce((sum, region) => sum + region.areaFraction, 0);
  return {
    measure,
    finding: {
      imageId: image.id,
      type: defect,
      material,
      severity,
      evidence: evidenceText(measure, defect, material),
    },
    events: [
      {
        type: 'mask',
        imageId: image.id,
        rle: encodeRle(mask),
        bbox: unionBox(regions.map(({ bbox }) => bbox)),
        areaFraction: Math.min(1, areaFraction),
        label: defect,
        score: regions.reduce((best, region) => Math.max(best, region.score), 0),
      },
      { type: 'findings', imageId: image.id, items: findingRows(playbook, segmentation, defect) },
    ],
  };
}

/** The smallest box around all boxes; empty for none. */
function unionBox(boxes: readonly Readonly<Bbox>[]): Bbox {
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , w]) => x + w));
  const bottom = Math.max(...boxes.map(([, y, , h]) => y + h));
  return boxes.length === 0 ? [0, 0, 0, 0] : [left, top, right - left, bottom - top];
}
