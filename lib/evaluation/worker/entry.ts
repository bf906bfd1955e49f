/** An evaluation thread: compiled to dist/evaluation-worker.mjs, several are started by the detector's pool. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { Expert } from '@/lib/anomaly/expert';
import { type Scores, Scorer } from '@/lib/anomaly/scorer';
import { type SetBank } from '@/lib/anomaly/set-bank';
import { openBundle } from '@/lib/engine/bundle';
import { EngineError } from '@/lib/engine/errors';
import { LRUCache } from 'lru-cache';
import { serveOperations } from '@/lib/engine/rpc/host';
import { type DecodedImage } from '@/lib/vision/decode';
import { type Detection } from '../detector';
import { loadImage } from '../load-item';
import { resampleMap } from '../resample-map';
import { type EvaluationOperations, type ImageToRead } from './operations';

const { bundleDirectory } = z.object({ bundleDirectory: z.string() }).parse(workerData);

const opened = (async () => Scorer.open(await openBundle(bundleDirectory), (bundle) => Expert.openScores(bundle)))();
// Each call that awaits it gets the error; this keeps it from ending the thread before the first one does.
opened.catch(() => undefined);

/** Reference sets whose images are kept decoded; a run of several numbers of shots takes turns between them. */
const KEPT_SETS = 8;
const decoded = new LRUCache<string, Promise<DecodedImage[]>>({ max: KEPT_SETS });

function loadReferences(files: readonly ImageToRead[]): Promise<DecodedImage[]> {
  const key = JSON.stringify(files);
  const images = decoded.get(key) ?? Promise.all(files.map(({ path, window }) => loadImage(path, window)));
  decoded.set(key, images);
  return images;
}

/** The sample of the set that is evaluated by mutual scoring. */
let set: SetBank | undefined;

function currentSet(): SetBank {
  if (set === undefined) {
    throw new EngineError('internal', 'The sample of the set was not given to this thread.');
  }
  return set;
}

/** The map comes on a square grid of `side`. */
function detection({ score, judgement, map }: Scores, side: number, { notes }: DecodedImage): Detection {
  const values = resampleMap(map, side);
  return { score, verdict: judgement.verdict, map: { width: side, height: side, values }, notes };
}

if (parentPort !== null) {
  serveOperations<EvaluationOperations>(parentPort, {
    async load() {
      await opened;
      return undefined;
    },
    async inspect({ path, referenceSets, side }, { signal }) {
      const scorer = await opened;
      const image = await loadImage(path);
      const look = await scorer.look(image, { signal });
      const detections: Detection[] = [];
      for (const files of referenceSets) {
        const references = files.length > 0 ? await loadReferences(files) : [];
        const bank = await scorer.bankOf(references, { signal });
        detections.push(detection(await scorer.score(look, bank, signal), side, image));
      }
      return detections;
    },
    async memberOf({ path }, { signal }) {
      return (await opened).memberOf(await loadImage(path), signal);
    },
    async openSet({ members }) {
      set = (await opened).openSetBank();
      for (const member of members) {
        set.add(member);
      }
      return undefined;
    },
    async measure({ path }, { signal }) {
      return (await opened).measure(currentSet(), await loadImage(path), signal);
    },
    async takeMeasured({ measured }) {
      for (const one of measured) {
        currentSet().take(one);
      }
      return undefined;
    },
    async inspectInSet({ path, side }, { signal }) {
      const scorer = await opened;
      const image = await loadImage(path);
      const look = await scorer.look(image, { signal });
      return detection(await scorer.score(look, currentSet(), signal), side, image);
    },
  });
}
