import type { Bucket } from '@/lib/anomaly/calibration';
import type { Frozen } from '@/lib/anomaly/frozen';
import type { ImageMap } from '@/lib/anomaly/heatmap';
import type { PartsAsked, PartsFound } from '@/lib/anomaly/part-finding';
import type { InspectionState, InspectionTimings } from '@/lib/anomaly/state';
import type { Judgement } from '@/lib/contract/verdict';
import type { MaskMeasure } from '@/lib/segmentation/describe';
import type { Bbox } from '@/lib/segmentation/mask';
import type { Segmentation } from '@/lib/segmentation/mask-source';
import type { Region } from '@/lib/segmentation/regions';
import type { ValueRange, ValueWindow } from '@/lib/vision/value-range';

/**
 * An encoded image: a file that the process may read (a stack's `page`, from 1), or its bytes. `window`: the values to
 * show black and white, of one with more than 8 bits a sample.
 */
export type ImageSource = ({ path: string; page?: number | undefined } | { bytes: Uint8Array }) & {
  window?: ValueWindow | undefined;
};

/** An image of the conversation. `id` is the caller's name for it; events carry it back. */
export type TurnImage = {
  id: string;
  name: string;
  source: ImageSource;
  /** Parts to compare it with where it has no references. */
  parts?: PartsAsked | undefined;
  /**
   * What comparing it with its set gave, and which set that was (`within` of `storeInspection`); instead of parts and
   * references.
   */
  within?: { set: string; frozen: Frozen } | undefined;
};

/** The result of looking at one image, as plain data. */
export type Inspection = Judgement & {
  /** SHA-256 of the image file. */
  sha256: string;
  width: number;
  height: number;
  /** Calibrated, 0..1. */
  score: number;
  bucket: Bucket;
  tiles: { columns: number; rows: number; significance: number[] };
  /** Regions of the mask that the default prompt draws; empty when nothing passes its threshold. */
  regions: Region[];
  /** Defect types, the likeliest first. */
  types: { type: string; probability: number }[];
  /** 8-bit grey PNG of the anomaly map, longer side up to 512 px. */
  heatmap: Uint8Array;
  map?: ImageMap;
  referenceCount: number;
  /** The part that it was compared with, or may be of. */
  parts?: PartsFound;
  /** How the file was read, where that is not plain: its range of values, its pages, its bands. */
  notes: string[];
  /** The range of values that was shown, of a file with more than 8 bits a sample. */
  range: ValueRange | null;
  /** e.g. `looktwice-mini@0.1.0` */
  bundle: string;
  timings: InspectionTimings & { decodeMs: number; maskMs: number; totalMs: number };
};

/** What the course of a turn needs to know of a look, wherever the rest of it is kept. */
export type Seen = Pick<InspectionState, 'score' | 'bucket' | 'judgement' | 'timings'>;

/** One look at an image. `describe` draws what the workbench shows of it (regions, heatmap). */
export type Look<State extends Seen> = { state: State; describe: () => Promise<Inspection> };

export type LookOptions = {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
  /** Given the map of the whole image as an 8-bit grey PNG while the tiles are still being looked at. */
  onGlance: (heatmap: Uint8Array) => void;
};

/**
 * Where an answer points: at what a hidden state [W] means, at a box that it names ([x, y, width, height] in px of the
 * image), or at what the expert marks by itself.
 */
export type Pointer = { hidden: Float32Array } | { box: Bbox } | 'expert';

/** The mask at a pointer, and what was measured on that very mask. Without regions it is empty. */
export type Marked = Segmentation & { measure: MaskMeasure };

/**
 * The port that looks: this machine's own experts, whoever writes the answer.
 * Errors are EngineErrors: those of the images, and `cancelled`.
 */
export type Perception<State extends Seen> = {
  /** Who looks, e.g. `looktwice-mini@0.1.0`. */
  readonly bundle: string;
  /** Looks at an image by itself. One that was looked at lately costs nothing. */
  inspect: (image: TurnImage, options: LookOptions) => Promise<Look<State>>;
  /** Looks at an image in comparison with normal ones. */
  compare: (image: TurnImage, references: readonly TurnImage[], options: LookOptions) => Promise<Look<State>>;
  /** Cuts out what is pointed at. */
  segment: (image: TurnImage, state: State, pointer: Pointer) => Promise<Marked>;
};
