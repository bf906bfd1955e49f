import useSWR, { mutate } from 'swr';
import type { Benchmark, BenchmarkSummary } from '@/lib/evaluation/benchmark-contract';
import { api } from '../client/api';

const LIST_KEY = 'benchmarks';
const RUN_PREFIX = 'benchmark:';
const LIST_EVERY_MS = 15_000;

/** The registered runs; null while they load. */
export function useBenchmarkList(): { benchmarks: BenchmarkSummary[] | null; error: string | null } {
  const { data, error } = useSWR<Awaited<ReturnType<typeof api.benchmarks>>, Error>(LIST_KEY, () => api.benchmarks(), {
    refreshInterval: LIST_EVERY_MS,
    shouldRetryOnError: false,
  });
  return { benchmarks: data?.benchmarks ?? null, error: error?.message ?? null };
}

/** The reports of the given runs, in that order; the first failure in one sentence. */
export function useBenchmarks(ids: readonly string[]): { runs: Benchmark[] | null; error: string | null } {
  const key = ids.length > 0 ? `${RUN_PREFIX}${ids.join(',')}` : null;
  const { data, error } = useSWR<Benchmark[], Error>(key, () => Promise.all(ids.map((id) => api.benchmark(id))), {
    shouldRetryOnError: false,
    keepPreviousData: true,
    revalidateOnFocus: false,
  });
  return { runs: ids.length > 0 ? (data ?? null) : [], error: error?.message ?? null };
}

/** Reads the list and the shown runs again. */
export async function refreshBenchmarks(): Promise<void> {
  await mutate((key) => typeof key === 'string' && (key === LIST_KEY || key.startsWith(RUN_PREFIX)));
}
