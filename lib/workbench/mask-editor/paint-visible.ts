import type { Mask } from '@/lib/segmentation/mask';
import type { Size, Viewport } from '../image/viewport';

/** Samples per axis inside one screen pixel when the image is shown smaller than it is. */
const SAMPLES = 3;

/**
 * For each screen pixel along one axis the first image pixel of its samples and the step between them; -1 outside the
 * image.
 */
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
 * How a mask is drawn: a tinted fill with a thin edge, or hatching with a thick edge that lets what lies below show
 * through.
 */
export type MaskLook = {
  colour: readonly [red: number, green: number, blue: number];
  hatch?: 'rising' | 'falling' | 'dots';
};

/** Screen pixels from one hatch line to the next. */
export const HATCH_PITCH = 9;
const HATCH_WIDTH = 2;

/** Whether a screen pixel lies on a line (or dot) of the hatching. */
function onHatch(hatch: NonNullable<MaskLook['hatch']>, x: number, y: number): boolean {
  const near = (distance: number) => ((distance % HATCH_PITCH) + HATCH_PITCH) % HATCH_PITCH < HATCH_WIDTH;
  switch (hatch) {
    case 'rising':
      return near(x + y);
    case 'falling':
      return near(x - y);
    case 'dots':
      return near(x) && near(y);
  }
}

/**
 * The screen pixels that a mask covers, 1 inside. Shown smaller than it is, a pixel is set when any of its samples is,
 * so that thin cracks stay visible.
 */
function coverStage(mask: Mask, view: Viewport, stage: Size): Uint8Array {
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
  return inside;
}

/**
 * Paints the part of a mask that a stage shows into RGBA pixels of the stage's size, with an opaque edge. The cost is
 * that of the screen, not of the image.
 * @param view in the pixels of `stage`
 */
export function paintVisible(
  mask: Mask,
  view: Viewport,
  stage: Size,
  { colour: [red, green, blue], hatch }: MaskLook,
): Uint8ClampedArray<ArrayBuffer> {
  const inside = coverStage(mask, view, stage);
  const pixels = new Uint8ClampedArray(stage.width * stage.height * 4);
  const edgeWidth = hatch === undefined ? 1 : 2;
  const isEdge = (at: number) => {
    for (let step = 1; step <= edgeWidth; step += 1) {
      const row = step * stage.width;
      if (inside[at - step] === 0 || inside[at + step] === 0 || inside[at - row] === 0 || inside[at + row] === 0) {
        return true;
      }
    }
    return false;
  };
  for (let at = 0; at < inside.length; at += 1) {
    if (inside[at] === 1) {
      const fill = hatch === undefined ? 150 : onHatch(hatch, at % stage.width, Math.floor(at / stage.width)) ? 230 : 0;
      pixels[at * 4] = red;
      pixels[at * 4 + 1] = green;
      pixels[at * 4 + 2] = blue;
      pixels[at * 4 + 3] = isEdge(at) ? 255 : fill;
    }
  }
  return pixels;
}
