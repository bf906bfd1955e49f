import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { toImageMap } from '@/lib/anomaly/heatmap';
import { scoreMutually } from '@/lib/anomaly/mutual';
import { Similarity } from '@/lib/anomaly/similarity';
import { type Bundle } from '@/lib/engine/bundle';
import { EngineError, type EngineErrorCode } from '@/lib/engine/errors';
import { projectRoot } from '@/lib/engine/paths';
import { WorkerClient } from '@/lib/engine/rpc/client';
import { inferenceThreads } from '@/lib/engine/session';
import { type Layout } from '@/lib/vision/layout';
import { type DetectOptions, type Detection, type Detector, type ImageFile, UnreadableImageError } from './detector';
import { mapInOrder } from './in-order';
import { type EvaluationOperations } from './worker/operations';

/** Cosine distances lie in 0..2; scores and maps of a detector in 0..1. */
const MAX_DISTANCE = 2;
const UNREADABLE: readonly EngineErrorCode[] = [
  'image_too_large',
  'image_too_many_pixels',
  'unsupported_image',
  'unreadable_image',
];

/** The product's detector, with threads that must be ended. */
export type InspectorDetector = Detector & { close: () => Promise<void> };

/**
 * The product's own inspection as a detector: the very code that answers users, in one thread per core with one inference thread
 * each. For many images that is faster than sharing the cores within each image, and decoding overlaps with inference.
 */
export function inspectorDetector(
  bundle: Bundle,
  workerFile = join(projectRoot(), 'dist', 'evaluation-worker.mjs'),
): InspectorDetector {
  const digest = createHash('sha256').update(JSON.stringify(bundle.manifest)).digest('hex').slice(0, 12);
  const clients = Array.from(
    { length: inferenceThreads() },
    () =>
      new WorkerClient<EvaluationOperations>(workerFile, {
        workerData: { bundleDirectory: bundle.directory },
        env: { ...process.env, LOOKTWICE_THREADS: '1' },
      }),
  );
  const idle = [...clients];
  const call = async <Name extends keyof EvaluationOperations>(
    operation: Name,
    params: EvaluationOperations[Name]['params'],
    signal: AbortSignal | undefined,
  ): Promise<EvaluationOperations[Name]['result']> => {
    const client = idle.pop();
    if (client === undefined) {
      throw new EngineError('internal', `The detector runs ${clients.length} inspections at a time, not more.`);
    }
    try {
      return await client.call(operation, params, { signal });
    } catch (error) {
      if (error instanceof EngineError && UNREADABLE.includes(error.code)) {
        throw new UnreadableImageError(error.message);
      }
      throw error;
    } finally {
      idle.push(client);
    }
  };
  const encode = ({ path }: ImageFile, signal: AbortSignal | undefined) => call('encode', { path }, signal);

  return {
    id: `${bundle.name} (${digest})`,
    concurrency: clients.length,
    inspect: ({ path }, referenceSets, { side, signal }) => {
      const paths = referenceSets.map((references) => references.map((reference) => reference.path));
      return call('inspect', { path, referenceSets: paths, side }, signal);
    },
    mutual: (images, options) => mutualDetections(bundle, images, { ...options, encode, concurrency: clients.length }),
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

type Encoded = EvaluationOperations['encode']['result'];

/**
 * Keeps one level of each image's base view in memory (1.2 MB an image with the mini bundle), then compares all of them. The scores say
 * nothing about images of another set.
 */
async function* mutualDetections(
  bundle: Bundle,
  images: readonly ImageFile[],
  options: DetectOptions & {
    onLooked: () => void;
    encode: (image: ImageFile, signal: AbortSignal | undefined) => Promise<Encoded>;
    concurrency: number;
  },
): AsyncGenerator<Detection | Error> {
  const { signal } = options;
  const encoded = await mapInOrder(images, options.concurrency, async (image) => {
    try {
      return await options.encode(image, signal);
    } catch (error) {
      signal?.throwIfAborted();
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      options.onLooked();
    }
  });
  const similarity = await Similarity.open(bundle);
  try {
    const readable = encoded.filter((entry): entry is Encoded => !(entry instanceof Error));
    const results = await scoreMutually(
      readable.map(({ patches }) => patches),
      similarity,
      { signal },
    );
    let position = 0;
    for (const entry of encoded) {
      if (entry instanceof Error) {
        yield entry;
      } else {
        const { map, score } = results[position] as { map: Float32Array; score: number };
        position += 1;
        yield {
          score: toShare(score),
          map: toImageMap(baseOnly(entry.layout), map.map(toShare), bundle.manifest.vision),
        };
      }
    }
  } finally {
    await similarity.close();
  }
}

/** A distance as a share of the largest; equal vectors may differ from 0 by rounding. */
const toShare = (distance: number): number => Math.min(1, Math.max(0, distance / MAX_DISTANCE));

/** The layout without its tiles: only the base view is compared. */
function baseOnly(layout: Layout): Layout {
  return { ...layout, columns: 0, rows: 0, views: layout.views.slice(0, 1) };
}
