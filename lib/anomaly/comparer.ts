import type { Comparison } from './fusion';
import type { Basis } from './verdict';
import type { EncodedImage } from './view-patches';

/** What an image is compared with: normal references (`ReferenceBank`), or the rest of its set (`SetBank`). */
export type Comparer = {
  /** What a verdict beside it rests on. */
  readonly basis: Basis;
  /** `sha256` lets a comparer leave the image itself out. */
  compare: (image: EncodedImage & { sha256: string }, signal?: AbortSignal) => Promise<Comparison>;
};
