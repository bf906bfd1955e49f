import type { GenerationSettings, GenerationStep } from './generation';
import type { PositionSource } from './prompt';
import type { Tokenizer } from './tokenizer';

export type StartOptions = {
  signal?: AbortSignal | undefined;
  /** Told after every chunk of the prompt. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Answers that the asker has under way, this one included: who has many lets others go first. */
  underWay?: number | undefined;
};

/** An answer that is said step by step. */
export type Speech = {
  /** Ids of the tokens said so far, control tokens included. */
  readonly spoken: readonly number[];
  /** How many tokens were said so far. */
  readonly tokens: number;
  /**
   * The next step.
   * @param banned tokens that must not be said now
   * @throws EngineError `cancelled` when the signal is aborted
   */
  next: (banned?: Iterable<number>) => Promise<GenerationStep>;
};

/** A prompt that was read, to be continued by `speak`; must be disposed. */
export type Continuation = {
  /** Prompt length, and how much of it came from a cache. */
  readonly usage: { promptTokens: number; cachedTokens: number };
  speak: (settings: GenerationSettings) => Speech;
  dispose: () => void;
};

/** The language model of a bundle, run by this process (LanguageModel) or by a server (RemoteLanguage). */
export type LanguageEngine = {
  readonly tokenizer: Tokenizer;
  /** Positions that fit: prompt and answer together. */
  readonly context: number;
  /**
   * Reads a prompt; what is returned must be disposed.
   * @throws EngineError `invalid_request` when it does not fit, `cancelled` when the signal is aborted
   */
  start: (positions: readonly PositionSource[], options?: StartOptions) => Promise<Continuation>;
  /** Lets the steps of those wait who have many more answers under way, until the returned function is called. */
  goFirst?: (underWay: number) => () => void;
  close: () => Promise<void>;
};
