import sharp from 'sharp';
import { type DatasetItem } from '@/lib/datasets/readers/types';
import { MAX_IMAGE_PIXELS } from '@/lib/vision/decode';
import { loadImage } from './load-item';
import { type Report } from './report';
import { type ResultsStore } from './results-store';

/**
 * An image of the best or worst judged ones of its category: itself and with its anomaly map over it, as small JPEG
 * files.
 */
export type Example = Report['images'][number] & { end: 'best' | 'worst'; picture: Buffer; heatmap: Buffer };

/** Pixels on each side of an example's pictures. */
const EXAMPLE_SIDE = 160;
const OPACITY = 0.6;
/** Examples of all categories together; what a browser opens without pause. */
const MAX_EXAMPLES = 240;
const MAX_PER_END = 6;

/**
 * The best and the worst judged images of a category: anomalous images by falling, normal ones by rising score are
 * right; the other end of both is wrong. Each list has up to `count` images, classes alternating.
 */
function pickExamples(images: Report['images'], count: number): { best: Report['images']; worst: Report['images'] } {
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

/** The examples of every category of a report, in the report's order; images that are gone are left out. */
export async function collectExamples(
  report: Report,
  store: ResultsStore,
  items: ReadonlyMap<string, DatasetItem>,
): Promise<Example[]> {
  const share = Math.floor(MAX_EXAMPLES / 2 / Math.max(1, report.categories.length));
  const perEnd = Math.max(1, Math.min(MAX_PER_END, share));
  const examples: Example[] = [];
  for (const { category } of report.categories) {
    const ends = pickExamples(
      report.images.filter((image) => image.category === category),
      perEnd,
    );
    for (const end of ['best', 'worst'] as const) {
      for (const image of ends[end]) {
        const item = items.get(image.id);
        const pictures = item && (await renderExample(image.id, item, store, report.options.pixelSize));
        if (pictures) {
          examples.push({ ...image, end, ...pictures });
        }
      }
    }
  }
  return examples;
}

/** An image and its stored map of `pixelSize` on each side; undefined if the map is gone. */
async function renderExample(
  id: string,
  item: DatasetItem,
  store: ResultsStore,
  pixelSize: number,
): Promise<Pick<Example, 'picture' | 'heatmap'> | undefined> {
  const map = await store.map(id);
  if (map === undefined) {
    return undefined;
  }
  const decoded = await loadImage(item.path);
  const raw = { width: decoded.width, height: decoded.height, channels: 3 } as const;
  const picture = await sharp(decoded.pixels, { raw, limitInputPixels: MAX_IMAGE_PIXELS })
    .resize(EXAMPLE_SIDE, EXAMPLE_SIDE, { fit: 'fill' })
    .raw()
    .toBuffer();
  const coloured = await sharp(colourMap(map), { raw: { width: pixelSize, height: pixelSize, channels: 3 } })
    .resize(EXAMPLE_SIDE, EXAMPLE_SIDE, { fit: 'fill' })
    .raw()
    .toBuffer();
  const blended = Buffer.from(picture.map((value, i) => value * (1 - OPACITY) + (coloured[i] as number) * OPACITY));
  return { picture: await toJpeg(picture), heatmap: await toJpeg(blended) };
}

function toJpeg(pixels: Buffer): Promise<Buffer> {
  return sharp(pixels, { raw: { width: EXAMPLE_SIDE, height: EXAMPLE_SIDE, channels: 3 } })
    .jpeg({ quality: 72 })
    .toBuffer();
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
