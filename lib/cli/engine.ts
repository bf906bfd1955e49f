import { Engine } from '@/lib/engine/worker/client';

let engine: Engine | undefined;

/** The command's engine; its thread starts with the first request. */
export function openEngine(): Engine {
  engine ??= new Engine();
  return engine;
}

/** Ends the thread, if one was started. */
export async function closeEngine(): Promise<void> {
  await engine?.close();
  engine = undefined;
}

/** A signal that is aborted by Ctrl-C or a polite kill; a second one ends the process as usual. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort());
  }
  return controller.signal;
}
