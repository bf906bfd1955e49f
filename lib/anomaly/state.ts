import type { ImageMap } from './heatmap';
import type { Bucket } from './calibration';
import type { PartsFound } from './part-finding';
import type { Judgement } from '@/lib/contract/verdict';
import type { DecodedImage } from '@/lib/vision/decode';
import type { Layout, Size } from '@/lib/vision/layout';

/** Times of the stages, ms. */
export type InspectionTimings = { viewsMs: number; encodeMs: number; expertMs: number; referenceMs: number };

/**
 * Everything that one look at an image gave; stays in the worker. Shapes: V views, P patches, see docs/design/model.md.
 */
export type InspectionState = {
  /** `notes`: how the file was read, where that is not plain (`DecodedImage`). */
  image: Size & Pick<DecodedImage, 'sha256' | 'notes' | 'range'>;
  layout: Layout;
  /** Calibrated, 0..1; with references fused with their comparison. */
  score: number;
  /** The LTFM score before calibration and without references, 0..1. */
  rawScore: number;
  bucket: Bucket;
  judgement: Judgement;
  /** The part that it was compared with, or may be of. */
  parts: PartsFound;
  significance: Float32Array;
  /** [V,P], 0..1, 0 on padding. */
  maps: Float32Array;
  /** The same over the image. */
  map: ImageMap;
  imageTokens: Float32Array;
  anomalyTokens: Float32Array;
  features: Float32Array;
  /** The encoder's description of the whole image [D] and of its most suspicious patches [D], each of unit length. */
  descriptor: { image: Float32Array; suspect: Float32Array };
  /** Encoder input [V,3,S,S]. */
  pixels: Float32Array;
  /** The image at the resolution at which masks are worked on (the original's, up to 12 megapixels), RGB. */
  picture: Size & { pixels: Uint8Array };
  referenceCount: number;
  timings: InspectionTimings;
};

/** Bytes that a state holds, for the cache's bound. */
export function stateBytes(state: InspectionState): number {
  const { maps, map, imageTokens, anomalyTokens, features, pixels, picture } = state;
  const arrays = [maps, map.values, imageTokens, anomalyTokens, features, pixels, picture.pixels];
  return arrays.reduce((sum, array) => sum + array.byteLength, 0);
}
