import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type Bundle } from '@/lib/engine/bundle';
import { EngineError, type EngineErrorCode } from '@/lib/engine/errors';
import { projectRoot } from '@/lib/common/paths';
import { WorkerClient } from '@/lib/engine/rpc/client';
import { inferenceThreads } from '@/lib/engine/session';
import { childEnvironment } from '@/lib/env';
import { type Detector, UnreadableImageError } from './detector';
import { type EvaluationCall, mutualDetections } from './mutual-detections';
import { type EvaluationOperations } from './worker/operations';

const UNREADABLE: readonly EngineErrorCode[] = [
  'image_too_large',
  'image_too_many_pixels',
  'unsupported_image',
  'unreadable_image',
];

/** Images that a thread has in hand: while one is inspected the next is read, decoded and resized. */
const PER_THREAD = 2;

/**
 * Until a thread's heap has grown to this size nothing of it is swept. V8 counts the arrays of pixels and hidden
 * states, 10 MB an image, to the heap, whose own 10 MB it otherwise walks for every second image: 6 % of a run.
 */
const HEAP_MB = 256;

/** The product's detector, with threads that must be ended. */
export type InspectorDetector = Detector & { close: () => Promise<void> };

/**
 * The product's own inspection as a detector: the very code that answers users, in one thread per core with one
 * inference thread each. For many images that is faster than sharing the cores within each image.
 */
export function inspectorDetector(
  bundle: Bundle,
  workerFile = join(projectRoot(), 'dist', 'evaluation-worker.mjs'),
): InspectorDetector {
  setFlagsFromString(`--initial-old-space-size=${HEAP_MB}`);
  const digest = createHash('sha256').update(JSON.stringify(bundle.manifest)).digest('hex').slice(0, 12);
  const clients = Array.from(
    { length: inferenceThreads() },
    () =>
      new WorkerClient<EvaluationOperations>(workerFile, {
        workerData: { bundleDirectory: bundle.directory },
        env: childEnvironment({ LOOKTWICE_THREADS: '1' }),
      }),
  );
  const concurrency = PER_THREAD * clients.length;
  const free = Array.from({ length: PER_THREAD }, () => clients).flat();
  const call: EvaluationCall = async (operation, params, signal) => {
    const client = free.pop();
    if (client === undefined) {
      throw new EngineError('internal', `The detector runs ${concurrency} inspections at a time, not more.`);
    }
    try {
      return await client.call(operation, params, { signal });
    } catch (error) {
      if (error instanceof EngineError && UNREADABLE.includes(error.code)) {
        throw new UnreadableImageError(error.message);
      }
      throw error;
    } finally {
      free.push(client);
    }
  };

  const everyThread = async <Name extends keyof EvaluationOperations>(
    operation: Name,
    params: EvaluationOperations[Name]['params'],
  ): Promise<void> => {
    await Promise.all(clients.map((client) => client.call(operation, params)));
  };

  return {
    id: `${bundle.name} (${digest})`,
    concurrency,
    inspect: ({ path }, referenceSets, { side, signal }) => {
      const read = referenceSets.map((references) =>
        references.map(({ path: file, window }) => ({ path: file, window })),
      );
      return call('inspect', { path, referenceSets: read, side }, signal);
    },
    mutual: (images, options) => mutualDetections(images, options, { call, everyThread, concurrency }),
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
