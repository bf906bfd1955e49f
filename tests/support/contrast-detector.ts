import { type Detection, type Detector, UnreadableImageError } from '@/lib/evaluation/detector';
import { loadImage } from '@/lib/evaluation/load-item';
import { type DecodedImage } from '@/lib/vision/decode';

/** Luma 0..1 of every pixel. */
function luma({ pixels }: DecodedImage): Float32Array {
  return Float32Array.from({ length: pixels.length / 3 }, (_, i) => {
    const [r = 0, g = 0, b = 0] = pixels.subarray(i * 3, i * 3 + 3);
    return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
  });
}

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

function detection({ width, height, notes }: DecodedImage, values: Float32Array): Detection {
  return { score: Math.min(1, Math.max(...values)), map: { width, height, values }, notes };
}

/**
 * A small classical detector without weights, so that the evaluation is tested end to end in milliseconds: a pixel is
 * as anomalous as it differs from the image's mean brightness, or, with references or in a set, from the mean of the
 * other images.
 */
export function contrastDetector(
  options: { onInspect?: (image: DecodedImage) => void; concurrency?: number } = {},
): Detector {
  const against = (image: DecodedImage, others: readonly DecodedImage[]): Detection => {
    const own = luma(image);
    const planes = others.filter((other) => other.width === image.width && other.height === image.height).map(luma);
    const background = mean(own);
    const expected = (pixel: number): number =>
      planes.length === 0 ? background : mean(planes.map((plane) => plane[pixel] as number));
    return detection(
      image,
      own.map((value, pixel) => Math.abs(value - expected(pixel))),
    );
  };
  const open = async ({ path }: { path: string }): Promise<DecodedImage> => {
    try {
      return await loadImage(path);
    } catch (error) {
      throw new UnreadableImageError((error as Error).message);
    }
  };
  return {
    id: 'contrast@1',
    concurrency: options.concurrency ?? 1,
    async inspect(image, referenceSets) {
      const decoded = await open(image);
      options.onInspect?.(decoded);
      return Promise.all(
        referenceSets.map(async (references) => against(decoded, await Promise.all(references.map(open)))),
      );
    },
    async *mutual(images, { onWork }) {
      const all: (DecodedImage | Error)[] = [];
      for (const image of images) {
        all.push(await open(image).catch((error: unknown) => error as Error));
        onWork(0.5);
      }
      const readable = all.filter((image): image is DecodedImage => !(image instanceof Error));
      for (const image of all) {
        onWork(0.5);
        if (image instanceof Error) {
          yield image;
        } else {
          options.onInspect?.(image);
          const others = readable.filter((other) => other !== image);
          yield against(image, others);
        }
      }
    },
  };
}
