import { api, ApiError } from '../client/api';

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const POLL_MS = 50;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits as long as `holds`, at most `withinMs`. */
export async function waitWhile(holds: () => boolean, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs;
  while (holds() && Date.now() < until) {
    await pause(POLL_MS);
  }
}

/** Waits until the server answers, asking ever less often. */
export async function serverAnswers(): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    await pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 0);
    try {
      await api.status();
      return;
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
    }
  }
}
