import type { VisionManifest } from '@/lib/engine/manifest';
import type { DecodedImage } from '@/lib/vision/decode';
import { layOut } from '@/lib/vision/layout';
import { TURNS, turnPlanes } from '@/lib/vision/turn';
import { renderViews } from '@/lib/vision/views';
import { cropMiddle, extendBorder } from '@/lib/vision/zoom';

/** The two quarter turns and the half turn. */
const ROTATIONS = TURNS.filter(({ transposed, upsideDown, mirrored }) =>
  transposed ? upsideDown !== mirrored : upsideDown && mirrored,
);
/** Nearer and farther: the share of the image that is left, and the share of its sides that is added around it. */
const NEARER = 0.75;
const FARTHER = 0.2;

/** A global descriptor [D] of unit length. */
export function lookOf(cls: Float32Array): Float32Array {
  const length = Math.sqrt(cls.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? cls.map((value) => value / length) : cls;
}

/**
 * Base views of an image turned three ways, nearer and farther, each [1,3,S,S]: a sample is described in every way
 * beforehand, so that an image to be recognised is encoded once.
 * @param pixels the image's own views [V,3,S,S]
 */
export async function turnedViews(
  image: DecodedImage,
  pixels: Float32Array,
  vision: VisionManifest,
): Promise<Float32Array[]> {
  const base = pixels.subarray(0, 3 * vision.imageSize ** 2);
  const turned = ROTATIONS.map((turn) => turnPlanes(base, vision.imageSize, turn));
  for (const zoomed of [await cropMiddle(image, NEARER), await extendBorder(image, FARTHER)]) {
    const layout = layOut(zoomed, vision);
    turned.push(await renderViews({ ...image, ...zoomed }, { ...layout, views: layout.views.slice(0, 1) }, vision));
  }
  return turned;
}

/** The largest cosine of a descriptor [D] with those of `looks` [m,D]; -1 of none. */
export function likeness(look: Float32Array, looks: Float32Array): number {
  let best = -1;
  for (let start = 0; start < looks.length; start += look.length) {
    let cosine = 0;
    for (let i = 0; i < look.length; i += 1) {
      cosine += (look[i] ?? 0) * (looks[start + i] ?? 0);
    }
    best = Math.max(best, cosine);
  }
  return best;
}
