import type { InspectionState } from '@/lib/anomaly/state';
import type { VisionManifest } from '@/lib/engine/manifest';
import { flood } from './flood';
import { type Mask, createMask } from './mask';
import { type ProbabilityMap } from './regions';
import { sampler } from './wand';

/** A click on the image, in px of the original: on what belongs to the region, or on what does not. */
export type Click = { x: number; y: number; positive: boolean };

/** Patches less similar to the clicked one than this (cosine of decoder features) are no candidates. */
const SIMILAR_FROM = 0.35;
/** Distance at which nearness has fallen to 61 %, as a share of the image's diagonal. */
const REACH = 0.14;
/** The region is where the probability is at least this share of that at the click. */
const SHARE = 0.5;
/** How far, as a share of the longer side, the click may miss what it means. */
const SNAP = 0.012;

type Patch = { view: number; index: number };

/** The patches of all views that show a point. */
function patchesAt(
  { layout }: InspectionState,
  { patch, grid }: VisionShape,
  point: { x: number; y: number },
): Patch[] {
  return layout.views.flatMap((view, index) => {
    const x = (point.x + 0.5) * view.scaleX - view.left;
    const y = (point.y + 0.5) * view.scaleY - view.top;
    if (x < 0 || y < 0 || x >= view.validWidth || y >= view.validHeight) {
      return [];
    }
    const column = Math.min(grid - 1, Math.floor(x / patch));
    const row = Math.min(grid - 1, Math.floor(y / patch));
    return [{ view: index, index: row * grid + column }];
  });
}

type VisionShape = Pick<VisionManifest, 'patch' | 'grid'>;

/** The unit feature vector of one patch. */
function featureAt({ features }: InspectionState, width: number, position: number): Float32Array {
  const vector = features.slice(position * width, (position + 1) * width);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** The largest cosine between a patch and any of the given unit vectors. */
function similarity(features: Float32Array, width: number, position: number, vectors: readonly Float32Array[]): number {
  let best = -1;
  let length = 0;
  for (let c = 0; c < width; c += 1) {
    length += (features[position * width + c] ?? 0) ** 2;
  }
  for (const vector of vectors) {
    let dot = 0;
    for (let c = 0; c < width; c += 1) {
      dot += (features[position * width + c] ?? 0) * (vector[c] ?? 0);
    }
    best = Math.max(best, dot / (Math.sqrt(length) || 1));
  }
  return best;
}

/**
 * The dense prompt [V,P] that clicks make for the mask decoder, in place of the anomaly map: the map, weighed down
 * where a patch looks unlike the clicked ones or lies far from them, and 0 where it looks more like what was clicked as
 * not belonging (docs/decisions/click-to-segment.md).
 */
export function clickPrompt(state: InspectionState, vision: VisionShape, clicks: readonly Click[]): Float32Array {
  const { layout, features, maps } = state;
  const patches = vision.grid * vision.grid;
  const width = features.length / (layout.views.length * patches);
  const vectorsOf = (positive: boolean) =>
    clicks
      .filter((click) => click.positive === positive)
      .flatMap((click) => patchesAt(state, vision, click))
      .map(({ view, index }) => featureAt(state, width, view * patches + index));
  const wanted = vectorsOf(true);
  const unwanted = vectorsOf(false);
  const positives = clicks.filter(({ positive }) => positive);
  const reach = REACH * Math.hypot(layout.image.width, layout.image.height);
  const prompt = new Float32Array(maps.length);
  layout.views.forEach((view, v) => {
    for (let p = 0; p < patches; p += 1) {
      const left = ((p % vision.grid) + 0.5) * vision.patch;
      const top = (Math.floor(p / vision.grid) + 0.5) * vision.patch;
      if (left >= view.validWidth || top >= view.validHeight) {
        continue;
      }
      const position = v * patches + p;
      const like = similarity(features, width, position, wanted);
      if (unwanted.length > 0 && similarity(features, width, position, unwanted) > like) {
        continue;
      }
      const x = (left + view.left) / view.scaleX;
      const y = (top + view.top) / view.scaleY;
      const far = Math.min(...positives.map((click) => Math.hypot(x - click.x, y - click.y)));
      const near = Math.exp(-0.5 * (far / reach) ** 2);
      const alike = Math.min(1, Math.max(0, (like - SIMILAR_FROM) / (1 - SIMILAR_FROM)));
      prompt[position] = Math.sqrt(near * alike * (maps[position] ?? 0));
    }
  });
  return prompt;
}

/** The most probable pixel close to a click: a click may miss a hair crack by a little. */
function snap(map: (x: number, y: number) => number, size: { width: number; height: number }, click: Click) {
  const radius = Math.max(1, Math.round(SNAP * Math.max(size.width, size.height)));
  let best = { x: Math.round(click.x), y: Math.round(click.y), value: -1 };
  for (let y = Math.max(0, best.y - radius); y <= Math.min(size.height - 1, click.y + radius); y += 1) {
    for (let x = Math.max(0, Math.round(click.x) - radius); x <= Math.min(size.width - 1, click.x + radius); x += 1) {
      const value = map(x, y);
      if (value > best.value && Math.hypot(x - click.x, y - click.y) <= radius) {
        best = { x, y, value };
      }
    }
  }
  return best;
}

/**
 * What two looks of the decoder make of a pixel together: the geometric mean of their probabilities, so that both must
 * agree.
 */
export function agreeing(first: ProbabilityMap, second: ProbabilityMap): ProbabilityMap {
  return { ...first, values: first.values.map((value, index) => Math.sqrt(value * (second.values[index] ?? 0))) };
}

/**
 * Cuts the clicked region out of the decoder's probabilities: grown from each positive click over pixels that are at
 * least half as probable as the click itself, and that are nearer to a positive click than to one on what does not
 * belong. A click where the map is 0 marks nothing.
 */
export function regionAtClicks(
  map: ProbabilityMap,
  { width, height }: { width: number; height: number },
  clicks: readonly Click[],
): Mask {
  const sample = sampler(map, width, height);
  const distanceTo = (x: number, y: number, kind: boolean) =>
    clicks.reduce((best, c) => (c.positive === kind ? Math.min(best, Math.hypot(x - c.x, y - c.y)) : best), Infinity);
  const out = createMask(width, height);
  for (const click of clicks.filter(({ positive }) => positive)) {
    const seed = snap(sample, { width, height }, click);
    if (seed.value === 0) {
      continue;
    }
    const least = seed.value * SHARE;
    const region = flood(width, height, [seed.y * width + seed.x], (index) => {
      const [x, y] = [index % width, Math.floor(index / width)];
      return sample(x, y) >= least && distanceTo(x, y, false) > distanceTo(x, y, true);
    });
    region.data.forEach((value, index) => {
      if (value === 1) {
        out.data[index] = 1;
      }
    });
  }
  return out;
}
