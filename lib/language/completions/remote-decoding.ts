import type { GenerationSettings } from '../generation';
import type { Continuation, Speech } from '../language-engine';
import type { PositionSource } from '../prompt';
import { RemoteGeneration } from './remote-generation';
import type { RemoteLanguage } from './remote-language';

/**
 * A prompt that a server continues. It is sent when the answer begins, and nothing of it is kept there for the next
 * one.
 */
export class RemoteDecoding implements Continuation {
  readonly usage: Continuation['usage'];
  private readonly disposal = new AbortController();

  constructor(
    private readonly language: RemoteLanguage,
    private readonly positions: readonly PositionSource[],
  ) {
    this.usage = { promptTokens: positions.length, cachedTokens: 0 };
  }

  speak(settings: GenerationSettings): Speech {
    return new RemoteGeneration(this.language, this.positions, settings, this.disposal.signal);
  }

  /** Ends the request that may still run. */
  dispose(): void {
    this.disposal.abort();
  }
}
