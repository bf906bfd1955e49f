import { getEngine } from '@/lib/engine/worker/client';

/** Ends the engine's thread, if one was started. */
export async function closeEngine(): Promise<void> {
  await getEngine().close();
}

/** A signal that is aborted by Ctrl-C or a polite kill; a second one ends the process as usual. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort());
  }
  return controller.signal;
}
