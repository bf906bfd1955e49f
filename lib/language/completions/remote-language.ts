import type { Bundle } from '@/lib/engine/bundle';
import { EngineError } from '@/lib/engine/errors';
import { type TokenEmbeddings, openEmbeddings, writePositions } from '../embeddings';
import type { LanguageEngine, StartOptions } from '../language-engine';
import type { PositionSource } from '../prompt';
import { Tokenizer } from '../tokenizer';
import { type CompletionDelta, type CompletionRequest, streamCompletion } from './client';
import { RemoteDecoding } from './remote-decoding';
import { type CompletionsSettings, completionsSettings } from './settings';
import { torchMatrix } from './torch-tensor';

/** What a request says besides the prompt and the model. */
export type CompletionOptions = Omit<
  CompletionRequest,
  'model' | 'prompt' | 'stream' | 'return_token_ids' | 'prompt_embeds'
>;

/**
 * A language model that a server runs behind an OpenAI-compatible `/completions` which takes prompt embeddings, as
 * vLLM's does. Tokenizer and token embeddings are the bundle's; the server gets the whole prompt as vectors, images'
 * tokens included, so it needs neither.
 */
export class RemoteLanguage implements LanguageEngine {
  private constructor(
    readonly tokenizer: Tokenizer,
    private readonly embeddings: TokenEmbeddings,
    readonly context: number,
    private readonly model: string,
    private readonly settings: CompletionsSettings,
  ) {}

  /**
   * Opens the bundle's side of it; the server is asked when an answer begins.
   * @param model the name under which the server has the model
   * @throws EngineError `model_unavailable` naming the file or the setting that is wrong
   */
  static async open(bundle: Bundle, model: string): Promise<RemoteLanguage> {
    const settings = completionsSettings(bundle.name);
    const [tokenizer, embeddings] = await Promise.all([Tokenizer.open(bundle), openEmbeddings(bundle)]);
    return new RemoteLanguage(tokenizer, embeddings, bundle.manifest.language.context, model, settings);
  }

  start(positions: readonly PositionSource[], { onProgress }: StartOptions = {}): Promise<RemoteDecoding> {
    if (positions.length === 0 || positions.length >= this.context) {
      throw new EngineError(
        'invalid_request',
        `The prompt has ${positions.length} tokens; it must have at least 1 and fewer than ${this.context}.`,
      );
    }
    onProgress?.(positions.length, positions.length);
    return Promise.resolve(new RemoteDecoding(this, positions));
  }

  /** Lets the server continue a prompt. */
  complete(
    positions: readonly PositionSource[],
    options: CompletionOptions,
    signal: AbortSignal,
  ): AsyncGenerator<CompletionDelta, void> {
    const { width } = this.embeddings;
    const rows = new Float32Array(positions.length * width);
    writePositions(this.embeddings, positions, rows);
    const request: CompletionRequest = {
      model: this.model,
      prompt: '',
      stream: true,
      return_token_ids: true,
      prompt_embeds: torchMatrix(rows, width).toString('base64'),
      ...options,
    };
    return streamCompletion(this.settings, request, signal);
  }

  /** There is nothing to free. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
