import { type Playbook, materialOf, severityOf } from '@/lib/knowledge';
import { type MaskMeasure, evidenceText } from '@/lib/segmentation/describe';
import type { Bbox } from '@/lib/segmentation/mask';
import { encodeRle } from '@/lib/segmentation/rle';
import type { TurnFinding } from './context';
import { findingRows, nameType, typeNamed } from './finding';
import type { Marked } from './perception';
import type { TurnEvent } from './types';

/** What pointing gave: the finding with its evidence, and the events that show it. */
export type Pointing = { finding: TurnFinding; events: TurnEvent[]; measure: MaskMeasure };

/**
 * The finding that a mask is, and what shows it; undefined when the mask is empty. The evidence is measured on the very
 * mask that is shown.
 * @param words what the user wrote: where a material may be named
 * @param name what a writer calls the finding; without, the expert names it
 */
export function findingAt(
  playbook: Playbook,
  imageId: string,
  marked: Marked,
  { words, name }: { words: string; name?: string | undefined },
): Pointing | undefined {
  const { mask, regions, types, measure } = marked;
  if (regions.length === 0) {
    return undefined;
  }
  const defect = name === undefined ? nameType(playbook, types) : typeNamed(playbook, name);
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
      imageId,
      type: defect,
      material,
      severity,
      evidence: evidenceText(measure, defect, material),
    },
    events: [
      {
        type: 'mask',
        imageId,
        rle: encodeRle(mask),
        bbox: unionBox(regions.map(({ bbox }) => bbox)),
        areaFraction: Math.min(1, areaFraction),
        label: defect,
        score: regions.reduce((best, region) => Math.max(best, region.score), 0),
      },
      { type: 'findings', imageId, items: findingRows(playbook, marked, defect) },
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
