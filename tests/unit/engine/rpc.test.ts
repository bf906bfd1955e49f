import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { EngineError } from '@/lib/engine/errors';
import { WorkerClient } from '@/lib/engine/rpc/client';
import { serveOperations } from '@/lib/engine/rpc/host';

type Ops = {
  echo: { params: unknown; event: string; result: unknown };
  forever: { params: undefined; event: string; result: undefined };
  crash: { params: undefined; event: string; result: undefined };
  exit: { params: undefined; event: string; result: undefined };
};

let client: WorkerClient<Ops>;

beforeEach(() => {
  client = new WorkerClient<Ops>(join(__dirname, '../../fixtures/engine/worker.mjs'));
});

afterEach(() => client.close());

describe('the worker client', () => {
  it('carries parameters, events and results', async () => {
    const events: string[] = [];
    const params = { floats: Float32Array.of(1, 2) };
    await expect(client.call('echo', params, { onEvent: (event) => events.push(event) })).resolves.toEqual(params);
    expect(events).toEqual(['working']);
  });

  it('cancels what is running, and what has not begun', async () => {
    const controller = new AbortController();
    const running = client.call('forever', undefined, {
      signal: controller.signal,
      onEvent: () => controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(client.call('echo', 1, { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each(['crash', 'exit'] as const)('fails all pending calls after a %s, and starts again', async (operation) => {
    const other = client.call('forever', undefined);
    const failing = client.call(operation, undefined);
    const failures = await Promise.allSettled([other, failing]);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        reason: { code: 'internal', message: expect.stringMatching(/^The engine stopped/) as string },
      });
    }
    expect(client.isRunning).toBe(false);
    await expect(client.call('echo', 'again')).resolves.toBe('again');
  });
});

describe('the host', () => {
  it('reports errors with their code, unknown operations, and aborts the signal', async () => {
    const { port1, port2 } = new MessageChannel();
    serveOperations<{ refuse: Ops['echo']; wait: Ops['echo'] }>(port2, {
      refuse: () => Promise.reject(new EngineError('queue_full', 'No room.')),
      wait: (_, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve('stopped'), { once: true })),
    });
    const answer = () => new Promise((resolve) => port1.once('message', resolve));
    port1.postMessage({ type: 'call', id: 1, operation: 'refuse' });
    await expect(answer()).resolves.toEqual({ type: 'error', id: 1, code: 'queue_full', message: 'No room.' });
    port1.postMessage({ type: 'call', id: 2, operation: 'toString' });
    await expect(answer()).resolves.toMatchObject({ type: 'error', id: 2, code: 'internal' });
    port1.postMessage({ type: 'call', id: 3, operation: 'wait' });
    port1.postMessage({ type: 'cancel', id: 3 });
    await expect(answer()).resolves.toEqual({ type: 'result', id: 3, result: 'stopped' });
    port1.close();
  });
});

it('stops what is running before it ends the thread', async () => {
  const running = client.call('forever', undefined);
  const failure = expect(running).rejects.toMatchObject({ code: 'cancelled' });
  await client.close();
  await failure;
  expect(client.isRunning).toBe(false);
});
