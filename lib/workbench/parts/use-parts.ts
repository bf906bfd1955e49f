import useSWR, { mutate } from 'swr';
import { ApiError } from '../client/api';
import { notify } from '../ui/notify';
import { partsApi } from './client';

const LIST_KEY = 'parts';
const detailKey = (id: string) => `part:${id}`;
const QUICK_MS = 1500;
const SLOW_MS = 15_000;

const sentence = (error: unknown) => (error instanceof ApiError ? error.message : null);

/** All parts that one may look at; asked for often while the samples of one are read. */
export function useParts() {
  const { data, error, isLoading } = useSWR(LIST_KEY, () => partsApi.list(), {
    refreshInterval: (latest) => (latest?.some(({ bank }) => bank === 'building') ? QUICK_MS : SLOW_MS),
    shouldRetryOnError: false,
  });
  return { parts: data ?? [], error: sentence(error), loading: isLoading };
}

export function usePart(id: string) {
  const { data, error } = useSWR(detailKey(id), () => partsApi.detail(id), {
    refreshInterval: (latest) => (latest?.bank === 'building' ? QUICK_MS : SLOW_MS),
    keepPreviousData: true,
    shouldRetryOnError: false,
  });
  return { part: data ?? null, error: sentence(error) };
}

/** Reads the list, and a part if one is named, again. */
export async function refreshParts(id?: string): Promise<void> {
  await Promise.all([mutate(LIST_KEY), ...(id === undefined ? [] : [mutate(detailKey(id))])]);
}

/** Says what failed. @returns whether it worked */
export async function attempt(work: () => Promise<unknown>, id?: string): Promise<boolean> {
  try {
    await work();
    await refreshParts(id);
    return true;
  } catch (error) {
    notify.error(error instanceof ApiError ? error.message : String(error));
    return false;
  }
}
