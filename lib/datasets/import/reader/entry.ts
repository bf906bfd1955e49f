import { imageChecker } from '@/lib/vision/checker/pool';
import { OUT_OF_MEMORY_EXIT, packError, type ReaderMessage, type ReaderRequest } from './protocol';
import { LocalReader } from './set-reader';
import { tellWhereabouts } from './whereabouts';

const BEAT_MS = 1_000;
const memoryLimit = Number(process.argv[2]);
const reader = new LocalReader();
const never = new AbortController().signal;

const tell = (message: ReaderMessage): void => void process.send?.(message);

async function answer(request: ReaderRequest): Promise<ReaderMessage> {
  try {
    switch (request.kind) {
      case 'list':
        return { kind: 'listed', listed: await reader.list(request.source, never) };
      case 'prepare':
        return { kind: 'prepared', items: await reader.prepare(request.position, request.count) };
      case 'settle':
        return { kind: 'settled', problems: await reader.settle(request.left) };
    }
  } catch (error) {
    return { kind: 'failed', error: packError(error) };
  }
}

tellWhereabouts((file) => tell({ kind: 'at', file }));
process.on('message', (request: ReaderRequest) => void answer(request).then(tell));
// The server is gone, or done with it: so is the reason to be here.
process.on('disconnect', () => {
  imageChecker().close();
  process.exit();
});
// Silence tells the server that something holds this thread up.
setInterval(() => {
  if (process.memoryUsage.rss() > memoryLimit) {
    process.exit(OUT_OF_MEMORY_EXIT);
  }
  tell({ kind: 'beat' });
}, BEAT_MS);
