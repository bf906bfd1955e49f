import type { PartArea } from '@/lib/anomaly/part-area';
import type { SampleScore } from '@/lib/anomaly/part-builder';
import type { Frozen } from '@/lib/anomaly/frozen';
import type { PartsAsked } from '@/lib/anomaly/part-finding';
import type { LanguageBench } from '@/lib/language';
import type { Click } from '@/lib/segmentation/click-prompt';
import type { Bbox } from '@/lib/segmentation/mask';
import type { Rle } from '@/lib/segmentation/rle';
import type { ImageSource, Inspection, Marked, Pointer } from '@/lib/turn/perception';
import type { TurnEvent, TurnRequest, TurnResult } from '@/lib/turn/types';
import type { TogetherResult, TogetherStep } from './together';

export type InspectRequest = {
  image: ImageSource;
  /** Images marked normal. */
  references?: ImageSource[];
  /** Compares with a part instead, see `PartsAsked`. */
  parts?: PartsAsked | undefined;
  /** What comparing it with its set gave, instead. */
  frozen?: Frozen | undefined;
  /** Also return the anomaly map as numbers. */
  includeMap?: boolean;
  /** Tell of the first look (`GlanceEvent`). */
  glance?: boolean;
};

/** The region that clicks on an image point at. */
export type SegmentRequest = { image: ImageSource; clicks: Click[] };

/** What is at a place of an image, or what the expert marks by itself. */
export type MarkRequest = {
  image: ImageSource;
  /** Images marked normal. */
  references: ImageSource[];
  /** What it was compared with instead, see `PartsAsked`. */
  parts?: PartsAsked | undefined;
  frozen?: Frozen | undefined;
  pointer: Exclude<Pointer, { hidden: unknown }>;
};

export type PictureRequest = {
  image: ImageSource;
  /** Longer side of the whole, px; it is never enlarged. */
  side: number;
  /** Boxes in px of the image to enlarge, and the longer side of each. */
  boxes?: Bbox[];
  boxSide?: number;
};

/** JPEG files; `width` and `height` are the whole's. */
export type Pictures = { whole: Uint8Array; width: number; height: number; crops: Uint8Array[] };

/** COCO run lengths of an annotated mask, of the image's size. */
export type AnnotatedMask = { size: [number, number]; counts: number[] };

export type ScanRequest = {
  image: ImageSource;
  /** Images marked normal. */
  references?: ImageSource[];
  /** A set's sample that `bankAdd` and `bankMeasure` made; instead of references. */
  bank?: string;
  annotation?: AnnotatedMask;
};

/** How an annotated mask and the model's view agree. */
export type MaskAgreement = {
  /** Mean of the anomaly map inside and outside of the annotated mask. */
  inside: number;
  outside: number;
  /**
   * How well the mask's place fits the map, 0..1, 1 where no other place fits better (lib/segmentation/placement.ts).
   */
  placement: number;
  /** Intersection over union with the model's mask. */
  iou: number;
};

/** What a batch inspection wants to know of an image. */
export type Scan = {
  inspection: Inspection;
  /** The encoder's description of the image and of its most suspicious patches, [D] each. */
  descriptor: { image: Float32Array; suspect: Float32Array };
  agreement: MaskAgreement | null;
};

export type InspectEvent = { stage: 'decoding' } | { stage: 'looking'; done: number; total: number };
/** `glance`: the map of the whole image, see `LookOptions`. */
export type GlanceEvent = { stage: 'glance'; heatmap: Uint8Array };

/** What the engine's thread knows about itself once the bundle is loaded. */
export type EngineInfo = {
  bundle: string;
  /** What banks of parts are built with (`bankVersion`). */
  banks: string;
  /** What the scores of their samples are calibrated with (`scoresVersion`). */
  scores: string;
  device: 'cpu';
  threads: number;
  loadMs: number;
};

/** `wanted`: keys of the samples that the bank `from` may give, so that they are not encoded again. */
export type PartBegin = {
  build: string;
  total: number;
  area: PartArea | null;
  from: string | null;
  wanted: string[];
};
export type PartAdd = { build: string; key: string; image: ImageSource };
/** `file`: where the bank goes. */
export type PartFinish = { build: string; file: string };

/** The operations of the engine's worker thread. */
export type EngineOperations = {
  load: { params: undefined; event: never; result: EngineInfo };
  inspect: { params: InspectRequest; event: InspectEvent | GlanceEvent; result: Inspection };
  segment: { params: SegmentRequest; event: InspectEvent; result: Rle };
  mark: { params: MarkRequest; event: InspectEvent; result: Marked };
  /** Draws pictures for a model elsewhere. */
  pictures: { params: PictureRequest; event: never; result: Pictures };
  /** Adds an image to a set's sample; with `first` the sample begins again. */
  bankAdd: { params: { bank: string; image: ImageSource; first: boolean }; event: never; result: { size: number } };
  /** Compares one image of the sample with the others; to be done for each before `scan`. */
  bankMeasure: { params: { bank: string; image: ImageSource }; event: never; result: undefined };
  /** Begins the bank of a part; answers with the samples that it has already. */
  partBegin: { params: PartBegin; event: never; result: string[] };
  /** Encodes one of its samples. */
  partAdd: { params: PartAdd; event: never; result: undefined };
  /** Writes it; answers with each sample's score beside the others. */
  partFinish: { params: PartFinish; event: never; result: SampleScore[] };
  /** One step of judging images among each other. */
  together: { params: TogetherStep; event: never; result: TogetherResult };
  /** Inspects an image of a set. */
  scan: { params: ScanRequest; event: InspectEvent; result: Scan };
  turn: { params: TurnRequest; event: TurnEvent; result: TurnResult };
  /** Speeds of the language model alone; `nonce` makes each run's prompt a new one. */
  benchLanguage: { params: { nonce: number }; event: never; result: LanguageBench };
};
