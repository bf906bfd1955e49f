import { EngineError, type EngineErrorCode } from '@/lib/engine/errors';

/** What went wrong at a remote engine. */
export type RemoteFault =
  /** Nobody answers at its address, or it may not be asked there. */
  | 'unreachable'
  | 'forbidden_address'
  | 'redirect'
  /** It takes too long. */
  | 'slow'
  /** It asks for patience (429), or fails itself (5xx). */
  | 'busy'
  | 'failing'
  /** It refuses the key, the model, the length, or the content. */
  | 'key'
  | 'model'
  | 'context'
  | 'refused'
  /** What it sends is no answer, too much of one, or the beginning of one. */
  | 'not_an_answer'
  | 'too_large'
  | 'cut';

const RETRIED: ReadonlySet<RemoteFault> = new Set<RemoteFault>(['unreachable', 'busy', 'failing', 'cut']);
const CODES: Partial<Record<RemoteFault, EngineErrorCode>> = { context: 'invalid_request' };

/** A remote engine's failure, told in one sentence that names the engine and never its key. */
export class RemoteError extends EngineError {
  static override readonly kind = 'RemoteError';

  constructor(
    readonly fault: RemoteFault,
    message: string,
    /** How long the engine asked to be left alone. */
    readonly retryAfterMs?: number,
  ) {
    super(CODES[fault] ?? 'model_unavailable', message);
  }

  /** Whether asking again by itself makes sense. */
  get isPassing(): boolean {
    return RETRIED.has(this.fault);
  }
}
