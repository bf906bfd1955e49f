import type { EncodedImage } from '@/lib/anomaly/view-patches';
import type { Manifest } from '@/lib/engine/manifest';
import { type Size, layOut } from '@/lib/vision/layout';

const WAVE = Float32Array.from({ length: 4096 }, (_, i) => Math.sin((i / 4096) * 2 * Math.PI));
const wave = (phase: number) => WAVE[phase & 4095] ?? 0;

/**
 * Hidden states that vary smoothly over the image, a little differently for each seed; `defect` bends one corner of
 * every view.
 */
export function wavyImage(vision: Manifest['vision'], size: Size, seed: number, defect: boolean): EncodedImage {
  const layout = layOut(size, vision);
  const patches = vision.grid ** 2;
  const levels = new Float32Array(layout.views.length * vision.levels * patches * vision.width);
  for (let start = 0; start < levels.length; start += vision.width) {
    const patch = (start / vision.width) % patches;
    const [x, y] = [patch % vision.grid, Math.floor(patch / vision.grid)];
    const stride = defect && x < 3 && y < 3 ? 1501 : 457;
    for (let channel = 0; channel < vision.width; channel += 1) {
      const smooth = wave(channel * stride + x * 33 + y * 20);
      levels[start + channel] = smooth + 0.05 * wave(channel * 8461 + seed * 1237 + patch * 651);
    }
  }
  return { layout, levels };
}
