import type { EngineErrorCode } from '../errors';

/** What a worker can be asked: per operation its parameters, the events it reports while running, and its result. */
export type Operations = Record<string, { params: unknown; event: unknown; result: unknown }>;

/** Messages to the worker. */
export type Request = { type: 'call'; id: number; operation: string; params: unknown } | { type: 'cancel'; id: number };

/** Messages from the worker; everything is structured-cloneable. */
export type Response =
  | { type: 'event'; id: number; event: unknown }
  | { type: 'result'; id: number; result: unknown }
  | { type: 'error'; id: number; code: EngineErrorCode; message: string };
