import { AppError } from './app-error';

/**
 * Bytes of bodies that may be in memory at once, whoever sent them; files are written to the disk as they come and do
 * not count.
 */
const BUDGET_BYTES = 256 * 2 ** 20;

// One per process: Next.js may load this module once per route.
const holder = globalThis as typeof globalThis & { looktwiceBuffered?: { bytes: number } };

/**
 * Takes note of bytes that are kept in memory until the returned function is called.
 * @throws AppError queue_full when too many are kept already
 */
export function keepInMemory(bytes: number): () => void {
  const kept = (holder.looktwiceBuffered ??= { bytes: 0 });
  if (kept.bytes + bytes > BUDGET_BYTES) {
    throw new AppError('queue_full', 'The server is receiving too much at once: try again in a moment', {
      retryAfterSeconds: 5,
    });
  }
  kept.bytes += bytes;
  return () => {
    kept.bytes -= bytes;
  };
}
