import { type ImageMap } from '@/lib/anomaly/heatmap';
import { type Layout } from '@/lib/vision/layout';

/** What an evaluation thread does. Paths come from the data set's reader, which keeps them inside the set. */
export type EvaluationOperations = {
  /** Loads the bundle ahead of the first image. */
  load: { params: undefined; event: never; result: undefined };
  /** Inspects an image once per set of references; the maps come on a square grid of `side`. */
  inspect: {
    params: { path: string; referenceSets: string[][]; side: number };
    event: never;
    result: { score: number; map: ImageMap }[];
  };
  /** Encodes an image for mutual scoring: the patches [P,D] of its base view, pooled and normalised. */
  encode: { params: { path: string }; event: never; result: { layout: Layout; patches: Float32Array } };
};
