import { Generation, type GenerationSettings } from './generation';
import type { KvCache } from './kv-cache';
import type { Continuation } from './language-engine';
import type { LanguageModel } from './model';
import { type PromptPart, encodeParts } from './prompt';

/** One sequence that is being continued. Holds a KV cache until it is disposed. */
export class Decoding implements Continuation {
  private disposed = false;

  constructor(
    private readonly model: LanguageModel,
    private readonly cache: KvCache,
    /** Prompt length, and how much of it came from the cache. */
    readonly usage: { promptTokens: number; cachedTokens: number },
    private readonly release: () => void,
    /** Answers that the asker has under way. */
    private readonly underWay?: number,
  ) {}

  /** Logits of the next token [vocab]: a view that the next step overwrites. */
  get logits(): Float32Array {
    return this.cache.logits;
  }

  /** Positions that still fit. */
  get room(): number {
    return this.model.context - this.cache.keys.length;
  }

  /** Last hidden state of the last position, copied: at `<seg>` this is H_seg [width]. */
  hidden(): Float32Array {
    return this.cache.hidden.slice();
  }

  /** Appends a token. */
  async accept(id: number): Promise<void> {
    await this.model.step(this.cache, { id }, this.underWay);
  }

  /** Appends parts that the model did not say, such as the look-back evidence. */
  async splice(parts: readonly PromptPart[], signal?: AbortSignal): Promise<void> {
    await this.model.append(this.cache, encodeParts(parts, this.model.tokenizer), signal);
  }

  speak(settings: GenerationSettings): Generation {
    return new Generation(this, this.model.tokenizer, settings);
  }

  /** Gives the cache back; a follow-up that starts the same finds it there. */
  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.release();
    }
  }
}
