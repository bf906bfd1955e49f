import { type Component, drawComponent } from './components';
import { type Mask, createMask } from './mask';

export type Tone = 'darker' | 'brighter' | 'similar';

/** Mean luma difference, of 255, from which a region counts as darker or brighter. */
const TONE_STEP = 8;

/** Grows a mask by `reach` px in all eight directions (a square), in two passes of running sums. */
function grow({ width, height, data }: Mask, reach: number): Mask {
  const wide = createMask(width, height);
  for (let y = 0; y < height; y += 1) {
    let until = -1;
    for (let x = 0; x < Math.min(reach, width); x += 1) {
      until = data[y * width + x] === 1 ? x + reach : until;
    }
    for (let x = 0; x < width; x += 1) {
      until = data[y * width + x + reach] === 1 && x + reach < width ? x + 2 * reach : until;
      wide.data[y * width + x] = x <= until ? 1 : 0;
    }
  }
  const out = createMask(width, height);
  const until = new Int32Array(width).fill(-1);
  for (let y = -reach; y < height; y += 1) {
    const ahead = y + reach;
    for (let x = 0; x < width; x += 1) {
      if (ahead < height && wide.data[ahead * width + x] === 1) {
        until[x] = ahead + reach;
      }
      if (y >= 0) {
        out.data[y * width + x] = y <= (until[x] ?? -1) ? 1 : 0;
      }
    }
  }
  return out;
}

function crop(mask: Mask, left: number, top: number, width: number, height: number): Mask {
  const out = createMask(width, height);
  for (let y = 0; y < height; y += 1) {
    const from = (top + y) * mask.width + left;
    out.data.set(mask.data.subarray(from, from + width), y * width);
  }
  return out;
}

/**
 * Compares the mean luma of a component with the ring around it: 2 px to 2 % of the longer side (at least 3 px),
 * without the other marked pixels. `rgb` has the mask's size, 3 bytes a pixel.
 */
export function regionTone(component: Component, mask: Mask, rgb: Uint8Array | Uint8ClampedArray): Tone {
  const reach = Math.max(3, Math.floor(Math.max(mask.width, mask.height) / 50));
  const [x, y, w, h] = component.bbox;
  const [left, top] = [Math.max(0, x - reach), Math.max(0, y - reach)];
  const width = Math.min(mask.width, x + w + reach) - left;
  const height = Math.min(mask.height, y + h + reach) - top;
  const inside = createMask(width, height);
  drawComponent(inside, component, left, top);
  const grown = grow(inside, reach);
  const near = grow(crop(mask, left, top, width, height), 1);
  let [sumInside, sumRing, ringPixels] = [0, 0, 0];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const i = row * width + column;
      const isInside = inside.data[i] === 1;
      if (!isInside && (grown.data[i] !== 1 || near.data[i] === 1)) {
        continue;
      }
      const at = ((top + row) * mask.width + left + column) * 3;
      const luma = 299 * (rgb[at] ?? 0) + 587 * (rgb[at + 1] ?? 0) + 114 * (rgb[at + 2] ?? 0);
      if (isInside) {
        sumInside += luma;
      } else {
        sumRing += luma;
        ringPixels += 1;
      }
    }
  }
  if (ringPixels === 0) {
    return 'similar';
  }
  const difference = sumInside / component.area - sumRing / ringPixels;
  if (difference >= TONE_STEP * 1000) {
    return 'brighter';
  }
  return difference <= -TONE_STEP * 1000 ? 'darker' : 'similar';
}
