import sharp from 'sharp';
import { type DatasetItem } from '@/lib/datasets/readers/types';
import { MAX_IMAGE_PIXELS } from '@/lib/vision/decode';
import { loadImage } from './load-item';
import { type Report } from './report';
import { type ResultsStore } from './results-store';

/** An image for the HTML report: itself and its heatmap as data URLs, small. */
export type Example = { id: string; type: string; label: 0 | 1; score: number; image: string; heatmap: string };

const SIDE = 160;
const OPACITY = 0.6;

/**
 * The best and the worst judged images of a category: anomalous images by falling, normal ones by rising score are right; the other end
 * of both is wrong. Each list has up to `count` images, classes alternating.
 */
export function pickExamples(
  images: Report['images'],
  count: number,
): { best: Report['images']; worst: Report['images'] } {
  const byScore = [...images].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  const anomalous = byScore.filter((image) => image.label === 1);
  const normal = byScore.filter((image) => image.label === 0).reverse();
  // No image is shown twice in a small category: each class gives at most half of its images to either end.
  const ends = [anomalous, normal].map((list) => {
    const each = Math.min(Math.ceil(count / 2), Math.floor(list.length / 2));
    return { best: list.slice(0, each), worst: [...list].reverse().slice(0, each) };
  });
  const interleave = (end: 'best' | 'worst'): Report['images'] =>
    Array.from({ length: count }, (_, i) => ends[i % 2]?.[end][Math.floor(i / 2)]).filter(
      (image) => image !== undefined,
    );
  return { best: interleave('best'), worst: interleave('worst') };
}

/**
 * Renders an image and its stored anomaly map side by side.
 *
 * @param pixelSize side of the stored map
 * @returns undefined if the image or the map is gone
 */
export async function renderExample(
  image: Report['images'][number],
  item: DatasetItem,
  store: ResultsStore,
  pixelSize: number,
): Promise<Example | undefined> {
  const map = await store.map(image.id);
  if (map === undefined) {
    return undefined;
  }
  const decoded = await loadImage(item.path);
  const raw = { width: decoded.width, height: decoded.height, channels: 3 } as const;
  const picture = await sharp(decoded.pixels, { raw, limitInputPixels: MAX_IMAGE_PIXELS })
    .resize(SIDE, SIDE, { fit: 'fill' })
    .raw()
    .toBuffer();
  const coloured = await sharp(colourMap(map), { raw: { width: pixelSize, height: pixelSize, channels: 3 } })
    .resize(SIDE, SIDE, { fit: 'fill' })
    .raw()
    .toBuffer();
  const blended = Buffer.from(picture.map((value, i) => value * (1 - OPACITY) + (coloured[i] as number) * OPACITY));
  const { id, type, label, score } = image;
  return { id, type, label, score, image: await toDataUrl(picture), heatmap: await toDataUrl(blended) };
}

async function toDataUrl(pixels: Buffer): Promise<string> {
  const jpeg = await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .jpeg({ quality: 72 })
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

/** Dark blue over magenta to yellow, brightness rising with the value, as in the usual perceptual maps. */
const STOPS = [
  [13, 8, 74],
  [126, 3, 168],
  [204, 71, 120],
  [248, 149, 64],
  [252, 248, 200],
] as const;

function colourMap(map: Float32Array): Uint8Array {
  const out = new Uint8Array(map.length * 3);
  map.forEach((value, pixel) => {
    const position = Math.min(Math.max(value, 0), 1) * (STOPS.length - 1);
    const stop = Math.min(Math.floor(position), STOPS.length - 2);
    const [low, high] = [STOPS[stop], STOPS[stop + 1]];
    for (let channel = 0; channel < 3; channel += 1) {
      const [from, to] = [low?.[channel] ?? 0, high?.[channel] ?? 0];
      out[pixel * 3 + channel] = from + (to - from) * (position - stop);
    }
  });
  return out;
}
