import { checkpoint } from '@/lib/engine/checkpoint';
import { Utf8Stream } from '../byte-level';
import type { FinishReason, GenerationSettings, GenerationStep } from '../generation';
import type { Speech } from '../language-engine';
import type { PositionSource } from '../prompt';
import type { CompletionDelta } from './client';
import type { RemoteLanguage } from './remote-language';

const BAN = -100;

/** A request that runs: what the server says, and the bans that it was told. */
type Running = { deltas: AsyncGenerator<CompletionDelta, void>; banned: ReadonlySet<number>; stop: () => void };

/**
 * An answer that a server says. Bans hold for a whole request, so a new one is sent, what was said so far added to the
 * prompt, when the caller bans a token that the running one does not, and when it bans none any more. In between the
 * running one may be stricter than asked. Sequences that must not be repeated are not watched here.
 */
export class RemoteGeneration implements Speech {
  readonly spoken: number[] = [];
  private readonly utf8 = new Utf8Stream();
  private readonly controls: readonly number[];
  private running: Running | undefined;
  private finished: FinishReason | undefined;

  constructor(
    private readonly language: RemoteLanguage,
    private readonly positions: readonly PositionSource[],
    private readonly settings: GenerationSettings,
    private readonly disposed: AbortSignal,
  ) {
    const { controls, controlIds } = language.tokenizer;
    this.controls = [...controlIds].filter((id) => id !== controls.imEnd);
  }

  get tokens(): number {
    return this.spoken.length;
  }

  async next(banned: Iterable<number> = []): Promise<GenerationStep> {
    for (;;) {
      await checkpoint(this.settings.signal);
      if (this.finished !== undefined) {
        return { kind: 'end', reason: this.finished };
      }
      if (this.room <= 0) {
        this.finished = 'length';
        continue;
      }
      const { deltas } = this.request(new Set(banned));
      const { value: delta } = await deltas.next();
      // A stream that ends without a reason is over all the same.
      this.finished = delta === undefined ? 'stop' : delta.end;
      const text = delta === undefined ? '' : this.take(delta);
      if (text !== '') {
        return { kind: 'text', text };
      }
    }
  }

  /** Tokens that the answer may still have. */
  private get room(): number {
    const free = this.language.context - this.positions.length;
    return Math.min(this.settings.maxTokens, free) - this.spoken.length;
  }

  /** Notes what was said; the text of the characters that are complete. */
  private take({ text, tokens }: CompletionDelta): string {
    const { tokenizer } = this.language;
    if (tokens === undefined) {
      this.spoken.push(...tokenizer.encode(text));
      return text;
    }
    const said = tokens.filter((id) => !tokenizer.controlIds.has(id)).slice(0, this.room);
    this.spoken.push(...said);
    return said.map((id) => this.utf8.push(tokenizer.bytesOf(id))).join('');
  }

  /** The running request, or a new one where that one's bans do not serve. */
  private request(wanted: ReadonlySet<number>): Running {
    const { imEnd } = this.language.tokenizer.controls;
    const banned = new Set([...wanted].filter((id) => id !== imEnd));
    const { running } = this;
    const serves =
      running !== undefined &&
      [...banned].every((id) => running.banned.has(id)) &&
      (banned.size > 0 || running.banned.size === 0);
    if (serves) {
      return running;
    }
    running?.stop();
    const stopped = new AbortController();
    const signals = [
      this.disposed,
      stopped.signal,
      ...(this.settings.signal === undefined ? [] : [this.settings.signal]),
    ];
    const { sampling } = this.settings;
    const deltas = this.language.complete(
      [...this.positions, ...this.spoken.map((id) => ({ id }))],
      {
        max_tokens: this.room,
        temperature: sampling.temperature,
        top_p: sampling.topP,
        seed: sampling.seed,
        repetition_penalty: sampling.repetitionPenalty,
        logit_bias: Object.fromEntries([...this.controls, ...banned].map((id) => [String(id), BAN])),
        min_tokens: wanted.has(imEnd) ? 1 : 0,
        stop_token_ids: [imEnd],
      },
      AbortSignal.any(signals),
    );
    this.running = { deltas, banned, stop: () => stopped.abort() };
    return this.running;
  }
}
