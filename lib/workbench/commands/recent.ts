import * as z from 'zod/mini';
import { createStore } from '../state/create-store';
import { persistStore } from '../state/persist';

const KEPT = 5;
const recent = createStore<string[]>([]);

/** Ids of the commands used last, newest first. */
export function recentCommands(): string[] {
  return recent.get();
}

export function rememberCommand(id: string): void {
  recent.set((ids) => [id, ...ids.filter((other) => other !== id)].slice(0, KEPT));
}

export function restoreRecentCommands(): void {
  persistStore(recent, 'looktwice.commands.1', z.array(z.string()).check(z.maxLength(KEPT)));
}
