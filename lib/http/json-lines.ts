import { toAppError } from './known-errors';

/**
 * Answers with one line of JSON per value, as each comes. What fails before the first value is thrown, so that the
 * status tells it; what fails later becomes a last line `{"error": message}`.
 */
export async function jsonLines(values: AsyncGenerator<unknown>): Promise<Response> {
  const encoder = new TextEncoder();
  const line = (value: unknown) => encoder.encode(`${JSON.stringify(value)}\n`);
  const first = await values.next();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (first.done === true) {
        controller.close();
      } else {
        controller.enqueue(line(first.value));
      }
    },
    async pull(controller) {
      try {
        const next = await values.next();
        if (next.done === true) {
          controller.close();
        } else {
          controller.enqueue(line(next.value));
        }
      } catch (error) {
        controller.enqueue(line({ error: toAppError(error).message }));
        controller.close();
      }
    },
    async cancel() {
      await values.return(undefined);
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' },
  });
}
