import { paletteTable, type Palette } from './palette';

/** An anomaly map as the server sends it: 8-bit, row-major, 255 is the most anomalous. */
export type Heatmap = { width: number; height: number; values: Uint8Array; histogram: Uint32Array };

const loaded = new Map<string, Promise<Heatmap>>();

const INLINE = 'data:image/png;base64,';

/**
 * Fetches an anomaly map once per page; one that came as a data URL is read where it is. Rejects with a sentence when
 * it is gone or unreadable.
 */
export function loadHeatmap(url: string): Promise<Heatmap> {
  if (url.startsWith(INLINE)) {
    // The policy of the page lets scripts fetch nothing but its own server's addresses.
    const bytes = Uint8Array.from(atob(url.slice(INLINE.length)), (character) => character.charCodeAt(0));
    return readPicture(new Blob([bytes], { type: 'image/png' }));
  }
  const known = loaded.get(url);
  if (known) {
    return known;
  }
  const promise = readHeatmap(url);
  loaded.set(url, promise);
  promise.catch(() => loaded.delete(url));
  return promise;
}

async function readHeatmap(url: string): Promise<Heatmap> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error('The anomaly map of this inspection is no longer stored. Inspect the image again.');
  }
  return readPicture(await response.blob());
}

async function readPicture(picture: Blob): Promise<Heatmap> {
  const bitmap = await createImageBitmap(picture, { colorSpaceConversion: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new Error('This browser gave no canvas to read the anomaly map with.');
  }
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Uint8Array(width * height);
  const histogram = new Uint32Array(64);
  for (let at = 0; at < values.length; at += 1) {
    const value = data[at * 4] ?? 0;
    values[at] = value;
    histogram[value >> 2] = (histogram[value >> 2] ?? 0) + 1;
  }
  return { width, height, values, histogram };
}

/** Colours a map: values below `threshold` (0..1) are transparent. */
export function colourHeatmap(
  { width, height, values }: Heatmap,
  palette: Palette,
  threshold: number,
): OffscreenCanvas | null {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) {
    return null;
  }
  const table = paletteTable(palette);
  const floor = threshold * 255;
  const pixels = new Uint8ClampedArray(width * height * 4);
  values.forEach((value, at) => {
    if (value >= floor) {
      pixels[at * 4] = table[value * 3] ?? 0;
      pixels[at * 4 + 1] = table[value * 3 + 1] ?? 0;
      pixels[at * 4 + 2] = table[value * 3 + 2] ?? 0;
      pixels[at * 4 + 3] = 255;
    }
  });
  context.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas;
}

/** The map's value (0..1) at a point given in fractions of the image. */
export function heatmapAt({ width, height, values }: Heatmap, fractionX: number, fractionY: number): number {
  const x = Math.min(width - 1, Math.floor(fractionX * width));
  const y = Math.min(height - 1, Math.floor(fractionY * height));
  return (values[y * width + x] ?? 0) / 255;
}
