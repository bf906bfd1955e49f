import { checkpoint } from '@/lib/engine/checkpoint';
import { Utf8Stream } from './byte-level';
import type { Decoding } from './decoding';
import type { Speech } from './language-engine';
import { Sampler, type SamplingSettings } from './sampling';
import { StopSequences } from './stop-sequences';
import type { Tokenizer } from './tokenizer';

export type GenerationSettings = {
  sampling: SamplingSettings;
  /** Tokens of the answer, spliced ones not counted. */
  maxTokens: number;
  stopSequences?: readonly string[];
  /** Control tokens that the model may say besides the end; the caller is told of each. */
  allowedControls?: readonly number[];
  signal?: AbortSignal | undefined;
};

/** `length`: the token limit or the context is reached. */
export type FinishReason = 'stop' | 'stop-sequence' | 'length';

export type GenerationStep =
  | { kind: 'text'; text: string }
  /** An allowed control token was said; it is part of the sequence now, and `decoding.hidden()` is its hidden state. */
  | { kind: 'control'; id: number }
  | { kind: 'end'; reason: FinishReason };

/**
 * Says an answer step by step. The caller asks for one step after the other and may splice parts into the decoding in
 * between.
 */
export class Generation implements Speech {
  /** Ids of the tokens said so far, control tokens included. */
  readonly spoken: number[] = [];
  private readonly sampler: Sampler;
  private readonly utf8 = new Utf8Stream();
  private readonly stops: StopSequences;
  private readonly banned: Set<number>;
  private pending: number | undefined;
  private finished: FinishReason | undefined;

  constructor(
    private readonly decoding: Decoding,
    private readonly tokenizer: Tokenizer,
    private readonly settings: GenerationSettings,
  ) {
    this.sampler = new Sampler(settings.sampling);
    this.stops = new StopSequences(settings.stopSequences ?? []);
    const allowed = new Set([tokenizer.controls.imEnd, ...(settings.allowedControls ?? [])]);
    this.banned = new Set([...tokenizer.controlIds].filter((id) => !allowed.has(id)));
  }

  /** How many tokens were said so far. */
  get tokens(): number {
    return this.spoken.length;
  }

  /**
   * The next step. Text comes as soon as it is chosen, before the model runs on.
   * @param banned tokens that must not be said now
   * @throws EngineError `cancelled` when the signal is aborted: no further token is computed
   */
  async next(banned: Iterable<number> = []): Promise<GenerationStep> {
    for (;;) {
      await checkpoint(this.settings.signal);
      if (this.finished !== undefined) {
        return { kind: 'end', reason: this.finished };
      }
      await this.catchUp();
      if (this.spoken.length >= this.settings.maxTokens || this.decoding.room === 0) {
        return this.finish('length');
      }
      const id = this.sampler.sample(this.decoding.logits, this.spoken, [...this.banned, ...banned]);
      if (id === this.tokenizer.controls.imEnd) {
        return this.finish('stop');
      }
      this.spoken.push(id);
      if (this.tokenizer.controlIds.has(id)) {
        await this.decoding.accept(id);
        return { kind: 'control', id };
      }
      this.pending = id;
      const { text, stopped } = this.stops.push(this.utf8.push(this.tokenizer.bytesOf(id)));
      if (stopped) {
        this.finished = 'stop-sequence';
      }
      if (text !== '') {
        return { kind: 'text', text };
      }
    }
  }

  /** Runs the model over the token that was given out last, so that `decoding` stands behind it. */
  async catchUp(): Promise<void> {
    if (this.pending !== undefined) {
      const id = this.pending;
      this.pending = undefined;
      await this.decoding.accept(id);
    }
  }

  private finish(reason: FinishReason): GenerationStep {
    this.finished = reason;
    const rest = this.stops.flush();
    return rest === '' ? { kind: 'end', reason } : { kind: 'text', text: rest };
  }
}
