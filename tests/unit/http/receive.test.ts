import { receive } from '@/lib/http/receive';
import { AppError } from '@/lib/http/app-error';

const pace = { idleMs: 20, graceMs: 0, minRate: 1 };

function requestOf(body: ReadableStream<Uint8Array>, headers: Record<string, string> = {}): Request {
  return new Request('http://127.0.0.1/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
}

const chunks = (...sizes: number[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      sizes.forEach((size) => controller.enqueue(new Uint8Array(size)));
      controller.close();
    },
  });

async function outcome(request: Request, limit: number, options = pace): Promise<number | string> {
  let bytes = 0;
  try {
    for await (const chunk of receive(request, limit, options)) {
      bytes += chunk.byteLength;
    }
    return bytes;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

test('passes on what is within the limit, and counts whatever the header says', async () => {
  expect(await outcome(requestOf(chunks(5, 5)), 10)).toBe(10);
  expect(await outcome(requestOf(chunks(5, 6), { 'content-length': '1' }), 10)).toBe('body_too_large');
});

test('refuses what announces more before it reads', async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({ pull: () => void (pulled += 1) }, { highWaterMark: 0 });
  expect(await outcome(requestOf(body, { 'content-length': '11' }), 10)).toBe('body_too_large');
  expect(pulled).toBe(0);
});

test('gives up a body that stops coming, and lets go of it', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(3)),
    cancel: () => {
      cancelled = true;
    },
  });
  expect(await outcome(requestOf(body), 10)).toBe('body_too_slow');
  expect(cancelled).toBe(true);
});

test('gives up a body that dribbles', async () => {
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.enqueue(new Uint8Array(1));
    },
  });
  expect(await outcome(requestOf(body), 1e9, { ...pace, minRate: 1e6 })).toBe('body_too_slow');
});

test('a body that breaks off is the sender’s fault', async () => {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('aborted')) });
  expect(await outcome(requestOf(body), 10)).toBe('invalid_request');
});
