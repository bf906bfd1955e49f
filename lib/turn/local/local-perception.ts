import type { InspectionState } from '@/lib/anomaly/state';
import type { Click } from '@/lib/segmentation/click-prompt';
import { MAX_COUNTED_REGIONS, measureMask } from '@/lib/segmentation/describe';
import { type Bbox, type Mask, createMask, maskArea } from '@/lib/segmentation/mask';
import type { MaskSource, Segmentation } from '@/lib/segmentation/mask-source';
import { regionsOfMask } from '@/lib/segmentation/regions';
import type { Marked, Perception, Pointer } from '../perception';
import type { TurnModels } from './models';

/** A box is drawn by hand, so to say: what it means may reach beyond it by this share of its sides. */
const SLACK = 0.15;
/**
 * Of what is cut out, less than this share of the box means that nothing was found in it: then the box itself is shown.
 */
const LEAST = 0.03;

/** Measures what was cut out on the pixels that it was cut out of. */
function measured(state: InspectionState, segmentation: Segmentation): Marked {
  const { picture } = state;
  const { mask } = segmentation;
  const hasPixels = picture.width === mask.width && picture.height === mask.height;
  return { ...segmentation, measure: measureMask(mask, hasPixels ? picture.pixels : undefined) };
}

/** Clicks for a box: where the expert's map is highest in it, and its middle. */
function pressesIn({ map, image }: InspectionState, [left, top, width, height]: Bbox): Click[] {
  const toX = map.width / image.width;
  const toY = map.height / image.height;
  const middle = { x: left + width / 2, y: top + height / 2, positive: true };
  let best = { ...middle, value: -1 };
  for (let row = Math.floor(top * toY); row < Math.min(map.height, Math.ceil((top + height) * toY)); row += 1) {
    for (
      let column = Math.floor(left * toX);
      column < Math.min(map.width, Math.ceil((left + width) * toX));
      column += 1
    ) {
      const value = map.values[row * map.width + column] ?? 0;
      if (value > best.value) {
        best = { x: (column + 0.5) / toX, y: (row + 0.5) / toY, positive: true, value };
      }
    }
  }
  return [{ x: best.x, y: best.y, positive: true }, middle];
}

/** The part of a mask within a rectangle, or all of the rectangle where there is none. */
function within(
  mask: Mask | undefined,
  { width, height }: { width: number; height: number },
  box: Bbox,
  slack: number,
): Mask {
  const [x, y, w, h] = box;
  const out = createMask(width, height);
  const right = Math.min(width, Math.ceil(x + w * (1 + slack)));
  for (
    let row = Math.max(0, Math.floor(y - h * slack));
    row < Math.min(height, Math.ceil(y + h * (1 + slack)));
    row += 1
  ) {
    for (let column = Math.max(0, Math.floor(x - w * slack)); column < right; column += 1) {
      const index = row * width + column;
      out.data[index] = mask === undefined ? 1 : (mask.data[index] ?? 0);
    }
  }
  return out;
}

/** What is in a box: the region that clicks in it point at, or the box where the decoder finds nothing there. */
async function cutOut(segmenter: MaskSource, state: InspectionState, box: Bbox): Promise<Mask> {
  const pressed = await segmenter.segmentAt(state, pressesIn(state, box));
  const found = within(pressed, state.image, box, SLACK);
  return maskArea(found) >= LEAST * box[2] * box[3] ? found : within(undefined, state.image, box, 0);
}

/** The mask at a pointer, measured. */
export async function markAt(segmenter: MaskSource, state: InspectionState, pointer: Pointer): Promise<Marked> {
  if (pointer === 'expert') {
    return measured(state, await segmenter.segment(state));
  }
  if ('hidden' in pointer) {
    return measured(state, await segmenter.segment(state, pointer.hidden));
  }
  const drawn = await cutOut(segmenter, state, pointer.box);
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
