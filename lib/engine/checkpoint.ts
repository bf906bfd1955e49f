import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from './errors';

/**
 * Called between views and between tokens: lets messages in (an inference does not leave the thread a chance to hear
 * that it is to stop), then throws when the work was cancelled.
 * @throws EngineError `cancelled`
 */
export async function checkpoint(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  throwIfCancelled(signal);
}
