import { AppError } from './app-error';

export type Pace = {
  /** Longest time without a byte, in ms. */
  idleMs: number;
  /** From then on, in ms after the first read, the whole must have come at `minRate`. */
  graceMs: number;
  /** Bytes per second on average. */
  minRate: number;
};

/** A slow line is served, one that dribbles to hold a place is not. */
const DEFAULT_PACE: Pace = { idleMs: 30_000, graceMs: 60_000, minRate: 1024 };

const tooLarge = (limit: number) =>
  new AppError('body_too_large', `The request has more than ${limit} bytes: send less`);
const tooSlow = () => new AppError('body_too_slow', 'The body of the request stopped coming: send it again');

/** One read, given up after `ms`. */
async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  ms: number,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow()), ms);
  });
  try {
    return await Promise.race([reader.read(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The body of a request, chunk by chunk; empty when there is none. Fails as soon as more than `limit` bytes are
 * announced or have come, whatever the Content-Length says, when it comes too slowly, and when the sender goes away in
 * the middle.
 * @throws AppError body_too_large, body_too_slow, invalid_request
 */
export async function* receive(
  request: Request,
  limit: number,
  { idleMs, graceMs, minRate }: Pace = DEFAULT_PACE,
): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) {
    throw tooLarge(limit);
  }
  if (request.body === null) {
    return;
  }
  const reader = request.body.getReader();
  const started = performance.now();
  let bytes = 0;
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, idleMs).catch((error: unknown) => {
        throw error instanceof AppError
          ? error
          : new AppError('invalid_request', 'The request ended before its body was complete: send it again', {
              cause: error,
            });
      });
      if (done) {
        finished = true;
        return;
      }
      bytes += value.byteLength;
      if (bytes > limit) {
        throw tooLarge(limit);
      }
      const ms = performance.now() - started;
      if (ms > graceMs && bytes < (ms / 1000) * minRate) {
        throw tooSlow();
      }
      yield value;
    }
  } finally {
    if (!finished) {
      // Not awaited: a sender that has stopped may never let go.
      reader.cancel().catch(() => undefined);
    }
  }
}
