import { useState } from 'react';
import { ApiError } from '../client/api';

/** Runs a call of a form: whether it runs, and the sentence of what went wrong. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : 'The page failed: reload it and try again.');
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run };
}
