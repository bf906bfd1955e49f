import type { ErrorCode } from '@/lib/contract';

/** A failure that the server (or the way to it) explains in one sentence. `offline`: no answer came at all. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: ErrorCode | 'offline' | 'unexpected',
    readonly status: number,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export const OFFLINE_MESSAGE =
  'The LookTwice server does not answer. Check that it is running; nothing you wrote is lost.';
