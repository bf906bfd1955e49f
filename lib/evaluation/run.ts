import { stat } from 'node:fs/promises';
import { type DatasetListing, type DatasetItem } from '@/lib/datasets/readers/types';
import { messageOf } from '@/lib/common/message-of';
import { createMask } from '@/lib/segmentation/mask';
import { evaluateCategory, type CategoryResult, type ScoredItem } from './category-metrics';
import { type Detection, type Detector, UnreadableImageError } from './detector';
import { mapInOrder } from '@/lib/common/in-order';
import { loadImage, loadMask } from './load-item';
import { meanMetrics } from './mean-metrics';
import { verdictsOf } from './metrics/decided';
import { type EvaluationOptions } from './options';
import { type CategoryPlan, planEvaluation } from './plan';
import { type EvaluationProblem } from './problems';
import { type Report } from './report';
import { resampleMap } from './resample-map';
import { ResultsStore } from './results-store';

/** How far a run is: images done of all, and the one at hand. */
export type EvaluationProgress = { done: number; total: number; category: string };

/** Images that were looked at for several evaluations at once, before them. */
export type CommonLook = { images: number; seconds: number };

export type EvaluationRun = {
  listing: DatasetListing;
  /** The published set's title, for the report. */
  published: string | null;
  detector: Detector;
  options: EvaluationOptions;
  /** Folder of the partial results. */
  storeDirectory: string;
  onProgress?: (progress: EvaluationProgress) => void;
  signal?: AbortSignal;
  /** Its time and images count into this run's. */
  common?: CommonLook;
};

/**
 * A finished evaluation: its report, and the store with the maps, which the caller discards when the reports are
 * written.
 */
export type Evaluation = { report: Report; store: ResultsStore; items: ReadonlyMap<string, DatasetItem> };

/**
 * Evaluates a detector on a data set. Files that cannot be read, masks that do not fit and categories that lack a class
 * are named in the report and left out of what they would spoil; the rest is evaluated. Interrupted runs go on where
 * they stopped.
 *
 * @throws the abort reason if `signal` fires; what is done so far stays stored
 */
export async function runEvaluation(run: EvaluationRun): Promise<Evaluation> {
  const started = performance.now();
  const { listing, options, detector } = run;
  const { plans, problems } = planEvaluation(listing, options);
  const allProblems: EvaluationProblem[] = [...listing.problems, ...problems];
  const store = await ResultsStore.open(run.storeDirectory, await identityOf(run, plans), options.pixelSize);
  try {
    const tracker = new Tracker(run, plans);
    const inherited = store.size;
    const results: CategoryResult[] = [];
    const images: Report['images'] = [];
    for (const plan of plans) {
      allProblems.push(...(await scoreCategory(run, plan, store, tracker)));
      const { scored, problems: maskProblems } = await collect(plan, store, options.pixelSize);
      allProblems.push(...maskProblems, ...classProblems(plan, scored));
      if (scored.length > 0) {
        results.push(await evaluateCategory(plan, scored, store, options));
      }
      images.push(
        ...scored.map(({ item: { id, category, type, label }, score, verdict }) => ({
          ...{ id, category, type, label, score },
          ...(verdict !== undefined && { verdict }),
        })),
      );
    }
    const common = run.common ?? { images: 0, seconds: 0 };
    const seconds = common.seconds + (performance.now() - started) / 1000;
    const report: Report = {
      format: 1,
      dataset: { name: listing.name, layout: listing.layout, published: run.published },
      detector: detector.id,
      options: { ...options, limit: options.limit ?? null },
      categories: results.map((result) => result.report),
      mean: meanMetrics(results),
      ...verdictsOf(images),
      images,
      problems: allProblems,
      run: {
        finished: new Date().toISOString(),
        seconds,
        imagesPerSecond: (common.images + store.size - inherited) / seconds,
        peakMemoryMb: process.resourceUsage().maxRSS / 1024,
      },
    };
    return { report, store, items: new Map(listing.items.map((item) => [item.id, item])) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Counts images and passes progress on. */
class Tracker {
  private done = 0;
  private readonly total: number;

  constructor(
    private readonly run: EvaluationRun,
    plans: readonly CategoryPlan[],
  ) {
    this.total = plans.reduce((sum, plan) => sum + plan.test.length, 0);
  }

  advance(category: string, images = 1): void {
    this.run.signal?.throwIfAborted();
    this.done += images;
    this.run.onProgress?.({ done: Math.round(this.done), total: this.total, category });
  }
}

/** Everything that scores and maps depend on, files by size and time so that changed ones are looked at again. */
export async function identityOf(
  { listing, detector, options }: EvaluationRun,
  plans: readonly CategoryPlan[],
): Promise<unknown> {
  const describe = async ({ id, path }: DatasetItem): Promise<unknown> => {
    const state = await stat(path);
    return [id, state.size, state.mtimeMs];
  };
  const files = await Promise.all(
    plans.map(async ({ references, test }) => ({
      references: await Promise.all(references.map(describe)),
      test: await Promise.all(test.map(describe)),
    })),
  );
  return { version: 3, detector: detector.id, root: listing.root, mode: options.mode, side: options.pixelSize, files };
}

/** Scores what is not stored yet; the problems are in the plan's order, however many threads work. */
async function scoreCategory(
  run: EvaluationRun,
  plan: CategoryPlan,
  store: ResultsStore,
  tracker: Tracker,
): Promise<EvaluationProblem[]> {
  const missing = plan.test.filter((item) => !store.has(item.id));
  // Mutual scores depend on all images of the category: a part of them is of no use.
  const wanted = run.options.mode === 'mutual' && missing.length > 0 ? plan.test : missing;
  tracker.advance(plan.category, plan.test.length - wanted.length);
  if (wanted.length === 0) {
    return [];
  }
  if (run.options.mode === 'mutual') {
    return scoreMutually(run, plan, store, tracker);
  }
  const { readable, problems } = await readableReferences(plan.references);
  const found = await mapInOrder(wanted, run.detector.concurrency, async (item) => {
    run.signal?.throwIfAborted();
    const notes: EvaluationProblem[] = [];
    const problem = await attempt(run, item, async () => {
      const [detection] = await run.detector.inspect(item, [readable], detectOptions(run));
      await storeDetection(store, item, detection, run.options.pixelSize);
      notes.push(...readNotes(item, detection));
    });
    tracker.advance(plan.category);
    return [...problem, ...notes];
  });
  return [...problems, ...joinNotes(found.flat())];
}

/** Stores the score and the map of an image; a detection that the detector did not give is an error of its own. */
export async function storeDetection(
  store: ResultsStore,
  { id }: DatasetItem,
  detection: Detection | undefined,
  side: number,
): Promise<void> {
  if (detection === undefined) {
    throw new Error('The detector gave no result.');
  }
  await store.add(id, detection.score, resampleMap(detection.map, side), detection.verdict);
}

async function scoreMutually(
  run: EvaluationRun,
  plan: CategoryPlan,
  store: ResultsStore,
  tracker: Tracker,
): Promise<EvaluationProblem[]> {
  const problems: EvaluationProblem[] = [];
  const onWork = (images: number): void => tracker.advance(plan.category, images);
  let position = 0;
  const whole = await attempt(run, { id: plan.category }, async () => {
    for await (const detection of run.detector.mutual(plan.test, { ...detectOptions(run), onWork })) {
      const item = plan.test[position] as DatasetItem;
      position += 1;
      const one = await attempt(run, item, async () => {
        if (detection instanceof Error) {
          throw detection;
        }
        if (!store.has(item.id)) {
          await storeDetection(store, item, detection, run.options.pixelSize);
        }
        problems.push(...readNotes(item, detection));
      });
      problems.push(...one);
    }
  });
  return joinNotes([...problems, ...whole]);
}

const readNotes = ({ id }: DatasetItem, detection: Detection | undefined): EvaluationProblem[] =>
  (detection?.notes ?? []).map((message) => ({ code: 'read_as', where: id, message }));

/** One entry for all images that were read in the same unusual way, at the first of them. */
function joinNotes(problems: readonly EvaluationProblem[]): EvaluationProblem[] {
  const counts = new Map<string, number>();
  for (const { code, message } of problems) {
    if (code === 'read_as') {
      counts.set(message, (counts.get(message) ?? 0) + 1);
    }
  }
  return problems.flatMap((problem) => {
    const count = problem.code === 'read_as' ? counts.get(problem.message) : 1;
    counts.delete(problem.message);
    if (count === undefined) {
      return [];
    }
    return count > 1 ? { ...problem, message: `${problem.message} So are ${count - 1} further images.` } : problem;
  });
}

const detectOptions = ({ options, signal }: EvaluationRun) => ({ side: options.pixelSize, signal });

/** Does the work; what goes wrong becomes a problem, unless the run was stopped. */
async function attempt(
  run: EvaluationRun,
  { id }: { id: string },
  work: () => Promise<void>,
): Promise<EvaluationProblem[]> {
  try {
    await work();
    return [];
  } catch (error) {
    run.signal?.throwIfAborted();
    const code = error instanceof UnreadableImageError ? 'unreadable_image' : 'inspection_failed';
    return [{ code, where: id, message: messageOf(error) }];
  }
}

/** The references that can be decoded; a broken one would spoil every image of its category. */
export async function readableReferences(
  references: readonly DatasetItem[],
): Promise<{ readable: DatasetItem[]; problems: EvaluationProblem[] }> {
  const readable: DatasetItem[] = [];
  const problems: EvaluationProblem[] = [];
  for (const item of references) {
    try {
      await loadImage(item.path);
      readable.push(item);
    } catch (error) {
      problems.push({ code: 'unreadable_image', where: item.id, message: messageOf(error) });
    }
  }
  return { readable, problems };
}

/** The scored images of a category with their masks. */
async function collect(
  plan: CategoryPlan,
  store: ResultsStore,
  side: number,
): Promise<{ scored: ScoredItem[]; problems: EvaluationProblem[] }> {
  const problems: EvaluationProblem[] = [];
  const scored: ScoredItem[] = [];
  const empty = createMask(side, side);
  for (const item of plan.test) {
    const score = store.score(item.id);
    if (score === undefined) {
      continue;
    }
    const loaded = item.label === 0 ? { mask: empty } : await loadMask(item, side);
    if (loaded !== undefined && 'problem' in loaded) {
      problems.push(loaded.problem);
    }
    const verdict = store.verdict(item.id);
    scored.push({ item, score, verdict, mask: loaded !== undefined && 'mask' in loaded ? loaded.mask : undefined });
  }
  return { scored, problems };
}

function classProblems(plan: CategoryPlan, scored: readonly ScoredItem[]): EvaluationProblem[] {
  const anomalous = scored.filter(({ item }) => item.label === 1).length;
  if (scored.length === 0) {
    return [{ code: 'no_test_images', where: plan.category, message: 'No image of the category could be scored.' }];
  }
  if (anomalous === 0 || anomalous === scored.length) {
    const only = anomalous === 0 ? 'normal' : 'anomalous';
    return [
      {
        code: 'one_class',
        where: plan.category,
        message: `The category has only ${only} images; its image metrics are undefined.`,
      },
    ];
  }
  return [];
}
