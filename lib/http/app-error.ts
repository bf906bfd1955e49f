import { errorStatus, type ErrorCode } from '@/lib/contract';
import { KnownError } from '@/lib/common/known-error';

type Options = { cause?: unknown; retryAfterSeconds?: number };

/** An error that a client may see: a code of the closed set and one sentence that says what to do. */
export class AppError extends KnownError {
  static override readonly kind: string = 'AppError';
  override name = 'AppError';
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { cause, retryAfterSeconds }: Options = {},
  ) {
    super(message, { cause });
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return errorStatus[this.code];
  }
}

/** The same answer for what is absent, deleted, and another's: nobody learns which ids exist. */
export function notFound(what: string): AppError {
  return new AppError('not_found', `There is no such ${what}`);
}
