import { setTimeout as delay } from 'node:timers/promises';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { EngineError } from '../errors';
import { messageOf } from '@/lib/common/message-of';
import type { Operations, Request, Response } from './protocol';

export type CallOptions<Event> = {
  signal?: AbortSignal | undefined;
  onEvent?: ((event: Event) => void) | undefined;
};

type Pending = {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  onEvent: ((event: unknown) => void) | undefined;
};

/** A cancelled call that does not end within this time is ended with its thread. */
const CANCEL_GRACE_MS = 10_000;

/**
 * A worker thread that carries out typed operations. It starts with the first call, and again after it died: what was
 * pending then fails with one clear error, later calls work.
 */
export class WorkerClient<Ops extends Operations> {
  private worker: Worker | undefined;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;

  constructor(
    private readonly file: string,
    private readonly options: WorkerOptions = {},
  ) {}

  get isRunning(): boolean {
    return this.worker !== undefined;
  }

  /**
   * Carries out an operation in the worker.
   * @throws EngineError what the operation threw; `cancelled` once the worker has stopped working on it; `internal`
   *   when the
   *   worker died
   */
  async call<Name extends keyof Ops & string>(
    operation: Name,
    params: Ops[Name]['params'],
    { signal, onEvent }: CallOptions<Ops[Name]['event']> = {},
  ): Promise<Ops[Name]['result']> {
    if (signal?.aborted === true) {
      throw new EngineError('cancelled', 'The work was cancelled.');
    }
    const worker = this.start();
    const id = this.nextId;
    this.nextId += 1;
    let grace: NodeJS.Timeout | undefined;
    const cancel = () => {
      worker.postMessage({ type: 'cancel', id } satisfies Request);
      grace = setTimeout(() => void worker.terminate(), CANCEL_GRACE_MS);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.pending.set(id, { resolve, reject, onEvent });
        worker.postMessage({ type: 'call', id, operation, params } satisfies Request);
      });
    } finally {
      clearTimeout(grace);
      signal?.removeEventListener('abort', cancel);
      this.pending.delete(id);
      // An idle worker does not keep the process alive.
      if (this.pending.size === 0) {
        worker.unref();
      }
    }
  }

  /** Cancels what is pending, waits until the worker has stopped working on it, and ends the thread. */
  async close(): Promise<void> {
    for (const id of this.pending.keys()) {
      this.worker?.postMessage({ type: 'cancel', id } satisfies Request);
    }
    // A thread that ends in the middle of an inference takes the whole process with it.
    const until = performance.now() + CANCEL_GRACE_MS;
    while (this.pending.size > 0 && performance.now() < until) {
      await delay(10);
    }
    await this.worker?.terminate();
  }

  private start(): Worker {
    if (this.worker !== undefined) {
      this.worker.ref();
      return this.worker;
    }
    const worker = new Worker(this.file, this.options);
    this.worker = worker;
    let reason = 'it was ended';
    worker.on('message', (response: Response) => this.receive(response));
    worker.on('error', (error) => {
      reason = messageOf(error);
    });
    worker.on('exit', () => {
      if (this.worker === worker) {
        this.worker = undefined;
      }
      this.failAll(`The engine stopped while working on this (${reason}): try again.`);
    });
    return worker;
  }

  private receive(response: Response): void {
    const pending = this.pending.get(response.id);
    if (pending === undefined) {
      return;
    }
    switch (response.type) {
      case 'event':
        pending.onEvent?.(response.event);
        break;
      case 'result':
        pending.resolve(response.result);
        break;
      case 'error':
        pending.reject(new EngineError(response.code, response.message));
        break;
    }
  }

  private failAll(message: string): void {
    for (const { reject } of this.pending.values()) {
      reject(new EngineError('internal', message));
    }
  }
}
