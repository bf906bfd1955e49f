import useSWR, { mutate } from 'swr';
import { ApiError } from '../client/api';
import { datasetsApi } from './client';

const LIST_KEY = 'datasets';
const detailKey = (id: string) => `dataset:${id}`;
const QUICK_MS = 1500;
const SLOW_MS = 15_000;

const sentence = (error: unknown) => (error instanceof ApiError ? error.message : null);

/** All sets of the owner. */
export function useDatasets() {
  const { data, error, isLoading } = useSWR(LIST_KEY, () => datasetsApi.list(), {
    refreshInterval: SLOW_MS,
    shouldRetryOnError: false,
  });
  return { datasets: data ?? [], error: sentence(error), loading: isLoading };
}

/** A set with its jobs; asked for often while one of them runs. */
export function useDataset(id: string) {
  const { data, error } = useSWR(detailKey(id), () => datasetsApi.detail(id), {
    refreshInterval: (latest) =>
      latest &&
      [...latest.imports, ...latest.batches, ...latest.drafts].some(
        ({ state }) => state === 'running' || state === 'waiting',
      )
        ? QUICK_MS
        : SLOW_MS,
    keepPreviousData: true,
    shouldRetryOnError: false,
  });
  return { dataset: data ?? null, error: sentence(error) };
}

/** Reads the list, and a set if one is named, again. */
export async function refreshDatasets(id?: string): Promise<void> {
  await Promise.all([mutate(LIST_KEY), ...(id === undefined ? [] : [mutate(detailKey(id))])]);
}
