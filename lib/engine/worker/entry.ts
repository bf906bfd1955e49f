/** The engine's thread: compiled to dist/engine-worker.mjs, started by WorkerClient. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { serveOperations } from '@/lib/engine/rpc/host';
import { benchLanguage } from '@/lib/language';
import { inferenceThreads } from '@/lib/engine/session';
import { inspectImage } from './inspect';
import { type Models, loadModels } from './models';
import type { EngineOperations } from './operations';

const { bundleDirectory } = z.object({ bundleDirectory: z.string() }).parse(workerData);
let loading: Promise<{ models: Models; loadMs: number }> | undefined;

/** Loads at the first call; a failure is not kept, so that a repaired bundle works without a restart. */
function load(): Promise<{ models: Models; loadMs: number }> {
  loading ??= (async () => {
    const started = performance.now();
    try {
      return { models: await loadModels(bundleDirectory), loadMs: performance.now() - started };
    } catch (error) {
      loading = undefined;
      throw error;
    }
  })();
  return loading;
}

if (parentPort !== null) {
  serveOperations<Omit<EngineOperations, 'turn'>>(parentPort, {
    async load() {
      const { models, loadMs } = await load();
      return { bundle: models.bundle.name, device: 'cpu', threads: inferenceThreads(), loadMs };
    },
    async inspect(request, context) {
      const { models } = await load();
      return inspectImage(models, request, context);
    },
    async benchLanguage({ nonce }) {
      const { models } = await load();
      return benchLanguage(models.language, { nonce });
    },
  });
}
