import useSWR from 'swr';
import { api } from '../client/api';

/** The engines that can be chosen. One that is down is tried by whoever asks it; the list itself changes seldom. */
export function useEngines() {
  const { data, mutate } = useSWR('engines', () => api.engines(), { shouldRetryOnError: false });
  return { engines: data?.engines ?? [], problem: data?.problem ?? null, refresh: () => mutate() };
}
