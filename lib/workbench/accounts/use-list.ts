import useSWR from 'swr';
import { useAction } from './use-action';

/** A list of the server with what changes it: `change` runs a call and reads the list again. */
export function useList<List>(key: string, read: () => Promise<List>) {
  const { data, error, mutate } = useSWR<List, Error>(key, read);
  const { busy, problem, run } = useAction();
  const change = (work: () => Promise<unknown>) =>
    void run(async () => {
      await work();
      await mutate();
    });
  return { data, busy, problem: problem ?? error?.message ?? null, change };
}
