import type { Mask } from '@/lib/segmentation/mask';
import type { Size, Viewport } from '../image/viewport';

/** Samples per axis inside one screen pixel when the image is shown smaller than it is. */
const SAMPLES = 3;

/** For each screen pixel along one axis the first image pixel of its samples and the step between them; -1 outside the image. */
function positions(length: number, offset: number, scale: number, size: number) {
  const first = new Int32Array(length).fill(-1);
  const step = Math.max(1, Math.floor(1 / scale / SAMPLES));
  for (let i = 0; i < length; i += 1) {
    const at = (i + 0.5 - offset) / scale;
    if (at >= 0 && at < size) {
      first[i] = Math.max(0, Math.floor(scale >= 1 ? at : at - 0.5 / scale));
    }
  }
  return { first, step, count: scale >= 1 ? 1 : SAMPLES };
}

/**
 * Paints the part of a mask that a stage shows into RGBA pixels of the stage's size: a tinted fill, and an opaque edge. The cost is that of the screen, not of
 * the image. Shown smaller than it is, a pixel is set when any of its samples is, so that thin cracks stay visible.
 * @param view in the pixels of `stage`
 */
export function paintVisible(
  mask: Mask,
  view: Viewport,
  stage: Size,
  [red, green, blue]: readonly [number, number, number],
): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, data } = mask;
  const across = positions(stage.width, view.x, view.scale, width);
  const down = positions(stage.height, view.y, view.scale, height);
  const inside = new Uint8Array(stage.width * stage.height);
  for (let y = 0; y < stage.height; y += 1) {
    const top = down.first[y] ?? -1;
    if (top < 0) {
      continue;
    }
    for (let x = 0; x < stage.width; x += 1) {
      const left = across.first[x] ?? -1;
      for (let j = 0; left >= 0 && j < down.count; j += 1) {
        const row = Math.min(height - 1, top + j * down.step) * width;
        for (let i = 0; i < across.count; i += 1) {
          if (data[row + Math.min(width - 1, left + i * across.step)] === 1) {
            inside[y * stage.width + x] = 1;
          }
        }
      }
    }
  }
  const pixels = new Uint8ClampedArray(stage.width * stage.height * 4);
  for (let at = 0; at < inside.length; at += 1) {
    if (inside[at] === 1) {
      const edge =
        inside[at - 1] === 0 ||
        inside[at + 1] === 0 ||
        inside[at - stage.width] === 0 ||
        inside[at + stage.width] === 0;
      pixels[at * 4] = red;
      pixels[at * 4 + 1] = green;
      pixels[at * 4 + 2] = blue;
      pixels[at * 4 + 3] = edge ? 255 : 150;
    }
  }
  return pixels;
}
