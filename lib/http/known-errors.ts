import type { ErrorCode } from '@/lib/contract';
import { isDatabaseFull, isDatabaseUnusable } from '@/lib/database/errors';
import { DatabaseGoneError } from '@/lib/database/file-guard';
import { EngineError, type EngineErrorCode } from '@/lib/engine/errors';
import { BlobMissingError, TooManyBytesError } from '@/lib/storage/blob-store';
import { errorCode } from '@/lib/common/error-code';
import { AppError } from './app-error';
import { withoutPaths } from './without-paths';

const engineCodes: Record<EngineErrorCode, ErrorCode> = {
  image_too_large: 'image_too_large',
  image_too_many_pixels: 'image_too_many_pixels',
  unsupported_image: 'unsupported_image',
  unreadable_image: 'unreadable_image',
  invalid_request: 'invalid_request',
  not_found: 'not_found',
  model_unavailable: 'model_unavailable',
  queue_full: 'queue_full',
  cancelled: 'conflict',
  internal: 'internal',
};

/** Codes for which the client may try again by itself, and after how many seconds. */
const RETRY_AFTER: Partial<Record<ErrorCode, number>> = { queue_full: 10, model_unavailable: 30 };

/** What a client is told about anything thrown. Messages of errors that are not ours stay in the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) {
    return error;
  }
  if (error instanceof EngineError) {
    const code = engineCodes[error.code];
    const retryAfterSeconds = RETRY_AFTER[code];
    const message = code === 'internal' ? 'The engine failed: try again' : withoutPaths(error.message);
    return new AppError(code, message, { cause: error, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
  }
  if (error instanceof TooManyBytesError) {
    return new AppError('body_too_large', `${error.message}: send a smaller one`, { cause: error });
  }
  if (errorCode(error) === 'ENOSPC' || isDatabaseFull(error)) {
    return new AppError('disk_full', 'The disk of the server is full: free some space and try again', { cause: error });
  }
  if (error instanceof DatabaseGoneError) {
    return new AppError('database_unavailable', `${error.message}; nothing was stored`, {
      cause: error,
      retryAfterSeconds: 30,
    });
  }
  if (isDatabaseUnusable(error)) {
    return new AppError(
      'database_unavailable',
      'The database of the server cannot be used: its log says why; nothing was stored',
      { cause: error, retryAfterSeconds: 30 },
    );
  }
  if (['EROFS', 'EACCES', 'EPERM', 'EDQUOT'].includes(errorCode(error) ?? '')) {
    return new AppError('disk_full', 'The server cannot write to its data directory: nothing was stored', {
      cause: error,
    });
  }
  if (error instanceof BlobMissingError) {
    return new AppError('gone', 'The file of this image is missing on the server: restore a backup of its data', {
      cause: error,
    });
  }
  return new AppError('internal', 'Something went wrong on the server: try again, and look into its log if it stays', {
    cause: error,
  });
}
