import { useEffect } from 'react';
import useSWR, { mutate } from 'swr';
import { api, ApiError } from './api';
import { keepTrying } from './keep-trying';

const STATUS_EVERY_MS = 5000;
const LIST_EVERY_MS = 15_000;
const STATUS_KEY = 'status';
const LIST_PREFIX = 'conversations:';

/** State of the server, asked for again and again; `offline` as soon as it does not answer. */
export function useServerStatus() {
  const { data, error } = useSWR<Awaited<ReturnType<typeof api.status>>, Error>(STATUS_KEY, () => api.status(), {
    refreshInterval: STATUS_EVERY_MS,
    refreshWhenHidden: false,
    dedupingInterval: 1000,
    ...keepTrying,
    keepPreviousData: true,
  });
  useEffect(() => {
    const again = () => void mutate(STATUS_KEY);
    window.addEventListener('online', again);
    window.addEventListener('offline', again);
    return () => {
      window.removeEventListener('online', again);
      window.removeEventListener('offline', again);
    };
  }, []);
  return { status: data ?? null, offline: error instanceof ApiError && error.code === 'offline' };
}

/** The list of conversations, or the hits of a text search. */
export function useConversations(query: string) {
  const { data, error, isLoading } = useSWR<Awaited<ReturnType<typeof api.conversations>>, Error>(
    `${LIST_PREFIX}${query}`,
    () => api.conversations(query),
    { refreshInterval: LIST_EVERY_MS, keepPreviousData: true, ...keepTrying },
  );
  return {
    conversations: data?.conversations ?? [],
    more: data?.nextCursor !== null && data !== undefined,
    error: error instanceof ApiError ? error.message : null,
    loading: isLoading,
  };
}

/** Reads every shown list of conversations again. */
export async function refreshConversations(): Promise<void> {
  await mutate((key) => typeof key === 'string' && key.startsWith(LIST_PREFIX));
}
