import type { NoticePart } from '@/lib/contract';
import type { MaskMeasure } from '@/lib/segmentation/describe';
import type { ReadMessage } from './branch';
import type { AnswerPiece } from './context';
import type { Pointer, Seen } from './perception';
import type { Subject } from './subject';
import type { TurnMessage, TurnSettings } from './types';

/** What a writer reports. An answer ends with one `end`. */
export type WriterEvent =
  | { type: 'status'; stage: 'writing' }
  | { type: 'text'; delta: string }
  /** What the product says beside the answer, such as that it contradicts the expert. */
  | ({ type: 'notice' } & NoticePart)
  | {
      type: 'end';
      finishReason: 'stop' | 'length';
      /** What the answer is in a later prompt of this writer, and readable with its evidence. */
      pieces: AnswerPiece[];
      transcript: string;
      usage: { promptTokens: number; cachedTokens: number };
      /** Tokens of the answer, and how long the prompt took to read. */
      tokens: number;
      prefillMs?: number;
    };

/** A mask that the reader sees now: what the model is to be told of it, and what was measured on it. */
export type Shown = { evidence: string; measure: MaskMeasure };

/** The facts of a turn, and the means to point. */
export type Evidence<State extends Seen> = {
  /** The image that the question is about, and the latest look at it; undefined in a conversation without images. */
  subject: Subject | undefined;
  state: State | undefined;
  question: Extract<TurnMessage, { role: 'user' }>;
  /** What stands behind the question: what it asks for, and what the playbook has for that; or empty. */
  splice: string;
  /**
   * Shows the mask at a pointer; what the writer has given out before comes first. Undefined when there is nothing to
   * mark.
   * @param name what the writer calls it; without, the expert names it
   * @throws Error in a conversation without images
   */
  point: (pointer: Pointer, name?: string) => Promise<Shown | undefined>;
};

export type WriteOptions = {
  settings: TurnSettings;
  signal: AbortSignal;
  /** Told how much of the prompt is read. */
  onProgress: (done: number, total: number) => void;
};

/** The port that words: a language model, here or elsewhere, under whatever holds it to the evidence. */
export type Writer<State extends Seen> = {
  /**
   * Writes the answer to the last message.
   * @param messages the branch from its root to the question, each question with the looks at its images
   * @param images the latest look at each image, by its id
   * @throws EngineError `cancelled` when the signal is aborted, and what keeps the writer from writing
   */
  write: (
    messages: readonly ReadMessage<State>[],
    images: ReadonlyMap<string, State>,
    evidence: Evidence<State>,
    options: WriteOptions,
  ) => AsyncGenerator<WriterEvent, void>;
};
