import type { TimingsPart } from '@/lib/contract';
import { createStore } from './create-store';

export type OutputLevel = 'info' | 'warning' | 'error';
export type OutputLine = { id: number; at: number; level: OutputLevel; source: string; text: string };
export type TimingRow = { messageId: string; at: number; question: string; timings: TimingsPart };

const KEPT_LINES = 500;
let lastId = 0;

/** The inference log of the Output panel: the newest 500 lines. */
export const outputStore = createStore<OutputLine[]>([]);

/** The turns measured since the page was opened, newest first. */
export const timingStore = createStore<TimingRow[]>([]);

export function logOutput(source: string, text: string, level: OutputLevel = 'info'): void {
  lastId += 1;
  const line: OutputLine = { id: lastId, at: Date.now(), level, source, text };
  outputStore.set((lines) => [...lines.slice(1 - KEPT_LINES), line]);
}

export function recordTimings(row: TimingRow): void {
  timingStore.set((rows) =>
    rows.some(({ messageId }) => messageId === row.messageId) ? rows : [row, ...rows].slice(0, KEPT_LINES),
  );
}
