import { type Measured } from '@/lib/anomaly/set-bank';
import { type SetMember } from '@/lib/anomaly/set-member';
import { type Detection, type ImageFile } from '../detector';

/** An image's file, and the values that are black and white where they are not to be found. */
export type ImageToRead = Pick<ImageFile, 'path' | 'window'>;

/** What an evaluation thread does. Paths come from the data set's reader, which keeps them inside the set. */
export type EvaluationOperations = {
  /** Loads the bundle ahead of the first image. */
  load: { params: undefined; event: never; result: undefined };
  /** Inspects an image once per set of references; the maps come on a square grid of `side`. */
  inspect: {
    params: { path: string; referenceSets: ImageToRead[][]; side: number };
    event: never;
    result: Detection[];
  };
  /** What an image gives to be compared with in mutual scoring. */
  memberOf: { params: { path: string }; event: never; result: SetMember };
  /** Takes a set's sample; it holds until the next one. */
  openSet: { params: { members: SetMember[] }; event: never; result: undefined };
  /** Compares an image of the sample with the others. */
  measure: { params: { path: string }; event: never; result: Measured };
  /** Takes what was measured of all of the sample, by whichever thread. */
  takeMeasured: { params: { measured: Measured[] }; event: never; result: undefined };
  /** Inspects an image beside the sample. */
  inspectInSet: {
    params: { path: string; side: number };
    event: never;
    result: Detection;
  };
};
