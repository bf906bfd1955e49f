import type { MessagePort } from 'node:worker_threads';
import { EngineError } from '../errors';
import { messageOf } from '@/lib/common/message-of';
import type { Operations, Request, Response } from './protocol';

/** Carries out one operation; `signal` is aborted when the caller cancels. */
export type Handler<Operation extends Operations[string]> = (
  params: Operation['params'],
  context: { signal: AbortSignal; emit: (event: Operation['event']) => void },
) => Promise<Operation['result']>;

export type Handlers<Ops extends Operations> = { [Name in keyof Ops]: Handler<Ops[Name]> };

/** Answers the calls that come in on the port. The caller sees to it that not too many heavy ones come at a time. */
export function serveOperations<Ops extends Operations>(port: MessagePort, handlers: Handlers<Ops>): void {
  const running = new Map<number, AbortController>();
  const send = (response: Response) => port.postMessage(response);

  const call = async (id: number, operation: string, params: unknown) => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const handler = Object.hasOwn(handlers, operation) ? handlers[operation] : undefined;
      if (handler === undefined) {
        throw new EngineError('internal', `The engine has no operation "${operation}".`);
      }
      const emit = (event: unknown) => send({ type: 'event', id, event });
      send({ type: 'result', id, result: await handler(params, { signal: controller.signal, emit }) });
    } catch (error) {
      const code = error instanceof EngineError ? error.code : 'internal';
      send({ type: 'error', id, code, message: messageOf(error) });
    } finally {
      running.delete(id);
    }
  };

  port.on('message', (request: Request) => {
    if (request.type === 'cancel') {
      running.get(request.id)?.abort();
    } else {
      void call(request.id, request.operation, request.params);
    }
  });
}
