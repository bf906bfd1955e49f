import type { AppError } from '@/lib/http/app-error';
import { toAppError } from '@/lib/http/known-errors';
import { log } from '@/lib/http/log';

/** Writes server-sent events. What is written after the reader has gone is dropped. */
export type SseWriter = {
  data: (value: unknown, event?: string) => void;
  /** A line that readers pass over; keeps connections open that are cut when nothing comes. */
  comment: (text: string) => void;
  done: () => void;
};

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'content-encoding': 'none',
};

type Work = {
  /** Writes the answer; `started` is to be called at the first sign that it comes about. */
  run: (write: SseWriter, started: () => void, signal: AbortSignal) => Promise<void>;
  /** Writes an error that comes after the first sign, when the status has been sent. */
  fail: (write: SseWriter, error: AppError) => void;
};

/**
 * An answer as a stream. It resolves at the first sign of life, so that what is refused before (a full queue, a missing
 * model) is refused with its own status. Who stops reading ends the work.
 * @throws what `run` throws before it has called `started`
 */
export async function streamAnswer(request: Request, { run, fail }: Work): Promise<Response> {
  const gone = new AbortController();
  const signal = AbortSignal.any([request.signal, gone.signal]);
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    cancel() {
      gone.abort();
    },
  });
  const put = (text: string) => {
    if (!signal.aborted) {
      controller?.enqueue(encoder.encode(text));
    }
  };
  const write: SseWriter = {
    data: (value, event) => put(`${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(value)}\n\n`),
    comment: (text) => put(`: ${text}\n\n`),
    done: () => put('data: [DONE]\n\n'),
  };
  await new Promise<void>((resolve, reject) => {
    let hasStarted = false;
    const started = () => {
      hasStarted = true;
      resolve();
    };
    run(write, started, signal)
      .then(started, (thrown: unknown) => {
        if (!hasStarted) {
          reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
          return;
        }
        const error = toAppError(thrown);
        if (!signal.aborted) {
          log[error.status >= 500 ? 'error' : 'info'](
            { err: error.cause, code: error.code },
            'a streamed answer failed',
          );
          fail(write, error);
        }
      })
      .finally(() => {
        if (!signal.aborted) {
          controller?.close();
        }
      });
  });
  return new Response(body, { headers: HEADERS });
}
