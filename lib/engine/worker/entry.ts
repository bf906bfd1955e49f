/** The engine's thread: compiled to dist/engine-worker.mjs, started by WorkerClient. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { scoresVersion } from '@/lib/anomaly/part-bank';
import { serveOperations } from '@/lib/engine/rpc/host';
import { EngineError } from '@/lib/engine/errors';
import { LanguageModel, benchLanguage } from '@/lib/language';
import { inferenceThreads } from '@/lib/engine/session';
import { runLocalTurn } from '@/lib/turn/local/run-local-turn';
import type { TurnModels } from '@/lib/turn/local/models';
import { inspectImage, markImage, segmentImage } from './inspect';
import { type Models, loadModels } from './models';
import { PartBuilds } from './parts';
import { drawPictures } from './pictures';
import { yieldToServer } from './priority';
import { SetScanner } from './scan';
import { Together } from './together';
import type { EngineOperations } from './operations';
import { turnModels } from './turn-models';

const { bundleDirectory } = z.object({ bundleDirectory: z.string() }).parse(workerData);
yieldToServer();
let turns: Promise<TurnModels> | undefined;
let scanner: SetScanner | undefined;
let builds: PartBuilds | undefined;
let together: Together | undefined;
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

async function openScanner(): Promise<SetScanner> {
  const { models } = await load();
  scanner ??= new SetScanner(models);
  return scanner;
}

async function openBuilds(): Promise<PartBuilds> {
  const { models } = await load();
  builds ??= new PartBuilds(models);
  return builds;
}

if (parentPort !== null) {
  serveOperations<EngineOperations>(parentPort, {
    async load() {
      const { models, loadMs } = await load();
      return {
        bundle: models.bundle.name,
        banks: models.inspector.parts.version,
        scores: scoresVersion(models.bundle.manifest),
        device: 'cpu',
        threads: inferenceThreads(),
        loadMs,
      };
    },
    async inspect(request, context) {
      const { models } = await load();
      return inspectImage(models, request, context);
    },
    async segment(request, context) {
      const { models } = await load();
      return segmentImage(models, request, context);
    },
    async mark(request, context) {
      const { models } = await load();
      return markImage(models, request, context);
    },
    async pictures(request) {
      return drawPictures(request);
    },
    async bankAdd(request, { signal }) {
      return { size: await (await openScanner()).add(request, signal) };
    },
    async bankMeasure(request, { signal }) {
      await (await openScanner()).measure(request, signal);
      return undefined;
    },
    async partBegin(request) {
      return (await openBuilds()).begin(request);
    },
    async partAdd(request, { signal }) {
      await (await openBuilds()).add(request, signal);
      return undefined;
    },
    async partFinish(request, { signal }) {
      return (await openBuilds()).finish(request, signal);
    },
    async scan(request, context) {
      return (await openScanner()).scan(request, context);
    },
    async together(step, { signal }) {
      const { models } = await load();
      together ??= new Together(models);
      return together.run(step, signal);
    },
    async turn(request, { signal, emit }) {
      const { models } = await load();
      turns ??= turnModels(models);
      return runLocalTurn(await turns, request, { signal, emit });
    },
    async benchLanguage({ nonce }) {
      const { language } = (await load()).models;
      if (!(language instanceof LanguageModel)) {
        throw new EngineError('invalid_request', 'The language model runs on a server: measure it there.');
      }
      return benchLanguage(language, { nonce });
    },
  });
}
