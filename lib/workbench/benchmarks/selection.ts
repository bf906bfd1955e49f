import * as z from 'zod/mini';
import { benchmarkIdPattern } from '@/lib/evaluation/benchmark-id';
import { createStore } from '../state/create-store';
import { openTab } from '../state/editors';
import { persistStore } from '../state/persist';

/** Runs that are compared at a time: more lines than that cannot be told apart in a chart. */
export const MAX_COMPARED = 4;

const selectionSchema = z.array(z.string().check(z.regex(benchmarkIdPattern))).check(z.maxLength(MAX_COMPARED));

/** The runs that the Benchmarks editor shows, in the order in which they were chosen. */
export const comparedStore = createStore<readonly string[]>([]);

/** Brings back the last visit's choice. */
export function restoreCompared(): void {
  persistStore(comparedStore, 'looktwice.benchmarks.1', selectionSchema);
}

function showBenchmarks(): void {
  openTab({ kind: 'benchmarks', id: 'benchmarks' });
}

/** Shows one run alone. */
export function showRun(id: string): void {
  comparedStore.set([id]);
  showBenchmarks();
}

/** Adds a run to the comparison or takes it out; the first chosen one gives way when there are too many. */
export function toggleCompared(id: string): void {
  comparedStore.set((ids) =>
    ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id].slice(-MAX_COMPARED),
  );
  showBenchmarks();
}

/** Takes a deleted run out. */
export function forgetRun(id: string): void {
  comparedStore.set((ids) => (ids.includes(id) ? ids.filter((other) => other !== id) : ids));
}
