/** An evaluation thread: compiled to dist/evaluation-worker.mjs, several are started by the detector's pool. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { Inspector } from '@/lib/anomaly/inspector';
import { MUTUAL } from '@/lib/anomaly/mutual';
import { patchExtents, pooledPatches } from '@/lib/anomaly/patches';
import { openBundle } from '@/lib/engine/bundle';
import { LruCache } from '@/lib/engine/lru-cache';
import { serveOperations } from '@/lib/engine/rpc/host';
import { type DecodedImage } from '@/lib/vision/decode';
import { type Detection } from '../detector';
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

/** Reference sets whose images are kept decoded; a run of several numbers of shots takes turns between them. */
const KEPT_SETS = 8;
const decoded = new LruCache<Promise<DecodedImage[]>>(KEPT_SETS, () => 1);

function loadReferences(paths: readonly string[]): Promise<DecodedImage[]> {
  const key = paths.join('\0');
  const images = decoded.get(key) ?? Promise.all(paths.map(loadImage));
  decoded.set(key, images);
  return images;
}

if (parentPort !== null) {
  serveOperations<EvaluationOperations>(parentPort, {
    async load() {
      await opened;
      return undefined;
    },
    async inspect({ path, referenceSets, side }, { signal }) {
      const { inspector } = await opened;
      const image = await loadImage(path);
      const detections: Detection[] = [];
      for (const paths of referenceSets) {
        const references = paths.length > 0 ? await loadReferences(paths) : [];
        const { score, map } = await inspector.inspect(image, { references, signal });
        detections.push({ score, map: { width: side, height: side, values: resampleMap(map, side) } });
      }
      return detections;
    },
    async encode({ path }, { signal }) {
      const { inspector, vision } = await opened;
      const { layout, levels } = await inspector.encode(await loadImage(path), signal);
      const [extent = { columns: vision.grid, rows: vision.grid }] = patchExtents(layout, vision);
      return { layout, patches: pooledPatches(levels, { view: 0, level: MUTUAL.level }, extent, vision) };
    },
  });
}
