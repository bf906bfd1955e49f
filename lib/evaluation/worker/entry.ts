/** An evaluation thread: compiled to dist/evaluation-worker.mjs, several are started by the detector's pool. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { Inspector } from '@/lib/anomaly/inspector';
import { MUTUAL } from '@/lib/anomaly/mutual';
import { patchExtents, pooledPatches } from '@/lib/anomaly/patches';
import { openBundle } from '@/lib/engine/bundle';
import { serveOperations } from '@/lib/engine/rpc/host';
import { type DecodedImage } from '@/lib/vision/decode';
import { loadImage } from '../load-item';
import { resampleMap } from '../resample-map';
import { type EvaluationOperations } from './operations';

const { bundleDirectory } = z.object({ bundleDirectory: z.string() }).parse(workerData);

const opened = (async () => {
  const bundle = await openBundle(bundleDirectory);
  return { vision: bundle.manifest.vision, inspector: await Inspector.open(bundle) };
})();
// Each call that awaits it gets the error; this keeps it from ending the thread before the first one does.
opened.catch(() => undefined);

/** The references of the category at hand, decoded once. */
let references: { key: string; images: Promise<DecodedImage[]> } | undefined;

function loadReferences(paths: readonly string[]): Promise<DecodedImage[]> {
  const key = paths.join('\0');
  if (references?.key !== key) {
    references = { key, images: Promise.all(paths.map(loadImage)) };
  }
  return references.images;
}

if (parentPort !== null) {
  serveOperations<EvaluationOperations>(parentPort, {
    async load() {
      await opened;
      return undefined;
    },
    async inspect({ path, references: paths, side }, { signal }) {
      const { inspector } = await opened;
      const image = await loadImage(path);
      const { score, map } = await inspector.inspect(image, { references: await loadReferences(paths), signal });
      return { score, map: { width: side, height: side, values: resampleMap(map, side) } };
    },
    async encode({ path }, { signal }) {
      const { inspector, vision } = await opened;
      const { layout, levels } = await inspector.encode(await loadImage(path), signal);
      const [extent = { columns: vision.grid, rows: vision.grid }] = patchExtents(layout, vision);
      return { layout, patches: pooledPatches(levels, { view: 0, level: MUTUAL.level }, extent, vision) };
    },
  });
}
