import { KnownError } from '@/lib/common/known-error';

/** What went wrong, as a closed set; the server maps each code to a status, the command line to an exit code. */
export type EngineErrorCode =
  | 'image_too_large'
  | 'image_too_many_pixels'
  | 'unsupported_image'
  | 'unreadable_image'
  | 'invalid_request'
  | 'not_found'
  | 'model_unavailable'
  | 'queue_full'
  | 'cancelled'
  | 'internal';

/** An error whose message is one clear sentence for people, fit to be shown as it is. */
export class EngineError extends KnownError {
  static override readonly kind: string = 'EngineError';
  override readonly name = 'EngineError';

  constructor(
    readonly code: EngineErrorCode,
    message: string,
  ) {
    super(message);
  }
}

const OF_THE_IMAGE: ReadonlySet<EngineErrorCode> = new Set([
  ...(['image_too_large', 'image_too_many_pixels', 'unsupported_image', 'unreadable_image', 'not_found'] as const),
]);

/** Whether something is wrong with the image and not with us: work on many goes on without it. */
export function isOfTheImage(error: unknown): error is EngineError {
  return error instanceof EngineError && OF_THE_IMAGE.has(error.code);
}

/** Throws a `cancelled` error when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new EngineError('cancelled', 'The work was cancelled.');
  }
}
