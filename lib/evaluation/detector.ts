import { type ImageMap } from '@/lib/anomaly/heatmap';
import { type Verdict } from '@/lib/contract/verdict';
import { type DatasetItem } from '@/lib/datasets/readers/types';

/** An image of the set that is to be looked at. */
export type ImageFile = Pick<DatasetItem, 'id' | 'path' | 'window'>;

/**
 * What a detector says of one image: `score` 0..1, higher is more anomalous, and an anomaly map of any resolution over
 * all of it; `verdict` where it gives one.
 */
export type Detection = {
  score: number;
  map: ImageMap;
  verdict?: Verdict | undefined;
  /** How the file was read, where that is not plain. */
  notes?: readonly string[] | undefined;
};

export type DetectOptions = {
  /** Maps are compared on a square grid of this side: one of that very size is taken as it is. */
  side: number;
  signal?: AbortSignal | undefined;
};

/** What is evaluated: the product's inspection, or anything that gives a score and a map. */
export type Detector = {
  /** Identifies weights and settings; results of another id are never taken over. */
  id: string;
  /** How many inspections are worth running at the same time. */
  concurrency: number;
  /**
   * Looks at one image, once for each set of normal reference images of its category (an empty one: zero-shot); what
   * does not depend on the references is done once.
   *
   * @returns one detection per reference set
   * @throws UnreadableImageError if the image itself cannot be read; any other error means that the inspection failed
   */
  inspect(
    image: ImageFile,
    referenceSets: readonly (readonly ImageFile[])[],
    options: DetectOptions,
  ): Promise<Detection[]>;
  /**
   * Scores each image of an unlabelled set beside the others (VMAD's DSSL, mutual form).
   *
   * @param onWork called as the work goes on, with how many images' worth of it was done: as many as there are in the
   *   end
   * @returns a detection, or why there is none, per image in the given order
   */
  mutual(
    images: readonly ImageFile[],
    options: DetectOptions & { onWork: (images: number) => void },
  ): AsyncIterable<Detection | Error>;
};

/** The image file is no readable image. */
export class UnreadableImageError extends Error {
  override name = 'UnreadableImageError';
}
