import type { Comparison } from './fusion';
import type { Basis } from '@/lib/contract/verdict';
import type { EncodedImage } from './view-patches';

/**
 * What an image is compared with: normal references (`ReferenceBank`), a part's samples (`PartComparer`), or the rest
 * of its set (`SetBank`).
 */
export type Comparer = {
  /** What a verdict beside it rests on. */
  readonly basis: Basis;
  /** The score from which it counts as anomalous, where that is known better than for any comparison. */
  readonly threshold?: number | undefined;
  /** `sha256` lets a comparer leave the image itself out. */
  compare: (image: EncodedImage & { sha256: string }, signal?: AbortSignal) => Promise<Comparison>;
};
