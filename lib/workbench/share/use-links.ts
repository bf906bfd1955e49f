import useSWR, { mutate } from 'swr';
import type { ShareInfo } from '@/lib/sharing/contract';
import { api } from '../client/api';

const PREFIX = 'shares:';

/** The user's links, or those of one conversation. */
export function useLinks(conversationId?: string): {
  links: readonly ShareInfo[];
  error: string | null;
  loading: boolean;
} {
  const { data, error, isLoading } = useSWR<Awaited<ReturnType<typeof api.shares>>, Error>(
    `${PREFIX}${conversationId ?? ''}`,
    () => api.shares(conversationId),
    { shouldRetryOnError: false },
  );
  return { links: data?.shares ?? [], error: error?.message ?? null, loading: isLoading };
}

/** Reads every shown list of links again. */
export async function refreshLinks(): Promise<void> {
  await mutate((key) => typeof key === 'string' && key.startsWith(PREFIX));
}
