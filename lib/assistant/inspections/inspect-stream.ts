import type { InspectLine, InspectRequest } from '@/lib/contract';
import type { Owner } from '@/lib/database/owner';
import { toAppError } from '@/lib/http/known-errors';
import { log } from '@/lib/http/log';
import { inspectImage } from './inspect-image';

/** Media type that asks `POST /api/inspect` for its progress, one JSON value per line. */
export const NDJSON = 'application/x-ndjson';

/**
 * An inspection as lines (`InspectLine`): its progress while it runs, then its result or error. Who stops reading
 * cancels the inspection. An error comes as the last line, for the status of the answer is sent before it is known.
 */
export function inspectStream(owner: Owner, wanted: InspectRequest, signal: AbortSignal): Response {
  const cancelled = new AbortController();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const put = (line: InspectLine) => {
        if (!cancelled.signal.aborted) {
          controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
        }
      };
      try {
        const result = await inspectImage(owner, wanted, AbortSignal.any([signal, cancelled.signal]), (status) =>
          put({ status }),
        );
        put({ result });
      } catch (error) {
        const { code, message, status } = toAppError(error);
        if (status >= 500) {
          log.error({ err: error, code }, 'an inspection failed');
        }
        put({ error: { code, message } });
      }
      if (!cancelled.signal.aborted) {
        controller.close();
      }
    },
    cancel() {
      cancelled.abort();
    },
  });
  return new Response(body, {
    headers: { 'content-type': NDJSON, 'cache-control': 'no-store', 'content-encoding': 'none' },
  });
}
