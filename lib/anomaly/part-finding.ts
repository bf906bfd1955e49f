import type { PartArea } from './part-area';

/** A part that an image may be compared with. */
export type PartChoice = {
  id: string;
  name: string;
  /** Its bank (lib/anomaly/part-file.ts). */
  file: string;
  /**
   * When that was written, ms since 1970: what was seen without a damaged one is not what is seen with its successor.
   */
  built: number;
  /** The score from which an image of it is anomalous; null: the bundle's calibration decides. */
  threshold: number | null;
  area: PartArea | null;
};

/** `chosen`: compare with the one candidate; otherwise with the one that the image is recognised as, if any. */
export type PartsAsked = { candidates: readonly PartChoice[]; chosen: boolean };

/** How an image came to be compared with a part. */
export type PartFinding = {
  id: string;
  name: string;
  /** Good samples that it was compared with. */
  samples: number;
  how: 'chosen' | 'recognised';
  /** Cosine of the global descriptors, -1..1; null where it was chosen. */
  likeness: number | null;
  threshold: number | null;
};

/** A part that an image may be of, but not surely. */
export type PartCandidate = Pick<PartFinding, 'id' | 'name'> & { likeness: number };

/** What looking for the part of an image gave: it, or the nearest two where that is unsure, or nothing. */
export type PartsFound = { part: PartFinding | null; candidates: readonly PartCandidate[] };

export const NO_PART: PartsFound = { part: null, candidates: [] };

/** Names what was asked, for caches. */
export function keyOfParts(asked: PartsAsked | undefined): string {
  return asked === undefined || asked.candidates.length === 0 ? '' : JSON.stringify(asked);
}
