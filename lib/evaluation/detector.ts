import { type ImageMap } from '@/lib/anomaly/heatmap';
import { type DecodedImage } from '@/lib/vision/decode';

/** What a detector says of one image: `score` 0..1, higher is more anomalous, and an anomaly map of any resolution over all of it. */
export type Detection = { score: number; map: ImageMap };

/** What is evaluated: the product's inspection, or anything that gives a score and a map. */
export type Detector = {
  /** Identifies weights and settings; results of another id are never taken over. */
  id: string;
  /**
   * Looks at one image, with the normal reference images of its category (none: zero-shot).
   *
   * @param references the same array for all images of a category, so that it can be prepared once
   */
  inspect(image: DecodedImage, references: readonly DecodedImage[]): Promise<Detection>;
  /**
   * Scores each image of an unlabelled set against the others (VMAD's DSSL, mutual form), in the given order.
   *
   * @param images opened one at a time
   */
  mutual(images: AsyncIterable<DecodedImage>): AsyncIterable<Detection>;
};
