import { setPriority } from 'node:os';

/** Between that of the server and that of data-set readers (10). */
const NICENESS = 5;

/**
 * Lets the server's thread and its decoders go before the calling thread, and before those that it starts later, as
 * ONNX Runtime's, where all of them want the cores: an upload or a page is then served within its usual time while an
 * image is inspected. On an idle machine it changes nothing.
 *
 * Priority belongs to a thread on Linux alone (setpriority(2), "C library/kernel differences"); elsewhere it would be
 * the whole process's, so that nothing is changed there.
 */
export function yieldToServer(): void {
  if (process.platform === 'linux') {
    setPriority(0, NICENESS);
  }
}
