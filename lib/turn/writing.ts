import type { TurnEvent } from './types';

/** Whether a turn has come to writing: it has looked and read. */
export const isWriting = (event: TurnEvent): boolean => event.type === 'status' && event.stage === 'writing';
