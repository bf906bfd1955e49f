import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/** What takes turns before it is served; `background` waits until nobody asks. */
export type QueueName = 'model' | 'background' | 'decoder';

/** Something that happened and is counted (lib/metrics). Times in seconds. Never a name, text or id of anybody. */
export type Observation =
  | { what: 'waited'; queue: QueueName; seconds: number }
  | { what: 'answered'; firstTokenSeconds?: number | undefined; tokens: number; tokensPerSecond?: number | undefined }
  | { what: 'inspected' }
  | { what: 'refused'; code: string }
  | { what: 'responded'; status: number };

// Node.js keeps channels by name for the whole process: every bundle has a copy of this module, and all reach the same
// one.
const CHANNEL = 'looktwice.observation';

/** Tells those who count; costs next to nothing when nobody does. */
export function observe(observation: Observation): void {
  channel(CHANNEL).publish(observation);
}

/** Calls `listener` for everything that is told from now on. @returns ends it */
export function onObservation(listener: (observation: Observation) => void): () => void {
  const pass = (message: unknown): void => listener(message as Observation);
  subscribe(CHANNEL, pass);
  return () => void unsubscribe(CHANNEL, pass);
}
