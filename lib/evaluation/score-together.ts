import { type DatasetItem } from '@/lib/datasets/readers/types';
import { mapInOrder } from '@/lib/common/in-order';
import { planEvaluation } from './plan';
import { type CommonLook, identityOf, type EvaluationRun, readableReferences, storeDetection } from './run';
import { ResultsStore } from './results-store';

/**
 * One evaluation's part in the common look: where its results go, and the references of each image that it still needs.
 */
type Part = { store: ResultsStore; side: number; references: ReadonlyMap<string, readonly DatasetItem[]> };

async function openPart(run: EvaluationRun): Promise<Part> {
  const { plans } = planEvaluation(run.listing, run.options);
  const store = await ResultsStore.open(run.storeDirectory, await identityOf(run, plans), run.options.pixelSize);
  const references = new Map<string, readonly DatasetItem[]>();
  for (const plan of plans) {
    const { readable } = await readableReferences(plan.references);
    plan.test.filter(({ id }) => !store.has(id)).forEach(({ id }) => references.set(id, readable));
  }
  return { store, side: run.options.pixelSize, references };
}

/**
 * Looks at every image once for several evaluations of the same set with the same detector (zero-shot, with one
 * reference, with four, ...), and stores the results where each of them looks for its own: `runEvaluation` then finds
 * them there and computes the metrics. What goes wrong with an image is left to it, which tries again and names the
 * problem. Mutual evaluations take no part: they compare all images of a category.
 *
 * @returns how many images were looked at, and how long it took
 * @throws the abort reason if the first run's signal fires; what is done so far stays stored
 */
export async function scoreTogether(runs: readonly EvaluationRun[]): Promise<CommonLook> {
  const started = performance.now();
  const [first] = runs;
  const single = runs.filter(({ options }) => options.mode !== 'mutual');
  if (first === undefined || single.length < 2) {
    return { images: 0, seconds: 0 };
  }
  const { detector, listing, signal, onProgress } = first;
  const parts: Part[] = [];
  try {
    for (const run of single) {
      parts.push(await openPart(run));
    }
    const items = listing.items.filter(({ id }) => parts.some(({ references }) => references.has(id)));
    let done = 0;
    await mapInOrder(items, detector.concurrency, async (item) => {
      signal?.throwIfAborted();
      const wanting = parts.filter(({ references }) => references.has(item.id));
      try {
        await lookOnce(first, item, wanting);
      } catch {
        // The evaluation itself meets the same error and reports it.
        signal?.throwIfAborted();
      }
      done += 1;
      onProgress?.({ done, total: items.length, category: item.category });
    });
    return { images: items.length, seconds: (performance.now() - started) / 1000 };
  } finally {
    await Promise.all(parts.map(({ store }) => store.close()));
  }
}

async function lookOnce({ detector, signal }: EvaluationRun, item: DatasetItem, parts: readonly Part[]): Promise<void> {
  const sets = parts.map(({ references }) => references.get(item.id) ?? []);
  const side = Math.max(...parts.map((part) => part.side));
  const detections = await detector.inspect(item, sets, { side, signal });
  for (const [index, { store, side: own }] of parts.entries()) {
    await storeDetection(store, item, detections[index], own);
  }
}
