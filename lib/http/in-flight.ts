/** Requests that are being answered, and whether new work is still taken. */
type InFlight = { count: number; closing: boolean; waiting: (() => void)[] };

// One per process: the server and every bundle of Next.js have a copy of this module.
const holder = globalThis as typeof globalThis & { looktwiceInFlight?: InFlight };

const state = (): InFlight => (holder.looktwiceInFlight ??= { count: 0, closing: false, waiting: [] });

/** Counts a request until the returned function is called, once. */
export function beginRequest(): () => void {
  const current = state();
  current.count += 1;
  let ended = false;
  return () => {
    if (!ended) {
      ended = true;
      current.count -= 1;
      if (current.count === 0) {
        current.waiting.splice(0).forEach((resolve) => resolve());
      }
    }
  };
}

/** From now on nothing is taken that would change something. */
export function stopTaking(): void {
  state().closing = true;
}

export function isClosing(): boolean {
  return state().closing;
}

/** Waits until no request is being answered, at most `ms`. Returns how many are left. */
export async function requestsEnded(ms: number): Promise<number> {
  const current = state();
  if (current.count > 0) {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      current.waiting.push(resolve);
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
  return current.count;
}
