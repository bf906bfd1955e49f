import { getPriority, setPriority } from 'node:os';
import sharp from 'sharp';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { decodeImage, readOrientation } from '../decode';
import { readBoundedFile, readMaskPicture } from '../mask-picture';
import { OUT_OF_MEMORY_EXIT, packMask, type CheckRequest, type CheckResponse } from './protocol';

/**
 * How often the process looks at its own memory, in ms. Decoding runs on other threads, so the timer is not held up.
 */
const WATCH_MS = 20;

const [memoryLimit, niceness] = process.argv.slice(2).map(Number) as [number, number];

// Before anything is decoded: threads have the priority of the one that starts them. What reads data sets stands back
// already, and may not step forward.
setPriority(0, Math.max(getPriority(), niceness));

sharp.concurrency(1);

async function check({ id, kind, path }: CheckRequest): Promise<CheckResponse> {
  try {
    if (kind === 'mask') {
      return { id, ok: true, ...packMask(await readMaskPicture(path)) };
    }
    const bytes = await readBoundedFile(path);
    const { width, height, mime, notes } = await decodeImage(bytes);
    return { id, ok: true, width, height, mime, notes, orientation: await readOrientation(bytes) };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const code = error instanceof EngineError ? error.code : missing ? 'not_found' : 'internal';
    return { id, ok: false, code, message: messageOf(error) };
  }
}

process.on('message', (request: CheckRequest) => {
  void check(request).then((response) => process.send?.(response));
});
// The server is gone: so is the reason to be here.
process.on('disconnect', () => process.exit());
setInterval(() => {
  if (process.memoryUsage.rss() > memoryLimit) {
    process.exit(OUT_OF_MEMORY_EXIT);
  }
}, WATCH_MS).unref();
