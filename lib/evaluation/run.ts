import { stat } from 'node:fs/promises';
import { type DatasetListing, type DatasetItem } from '@/lib/datasets/readers/types';
import { messageOf } from '@/lib/engine/errors';
import { createMask } from '@/lib/segmentation/mask';
import { type DecodedImage } from '@/lib/vision/decode';
import { evaluateCategory, type CategoryResult, type ScoredItem } from './category-metrics';
import { type Detector } from './detector';
import { loadImage, loadMask } from './load-item';
import { meanMetrics } from './mean-metrics';
import { type EvaluationOptions } from './options';
import { type CategoryPlan, planEvaluation } from './plan';
import { type EvaluationProblem } from './problems';
import { type Report } from './report';
import { resampleMap } from './resample-map';
import { ResultsStore } from './results-store';
import { lookAhead } from './look-ahead';

/** How far a run is: images done of all, and the one at hand. */
export type EvaluationProgress = { done: number; total: number; category: string };

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
};

/** A finished evaluation: its report, and the store with the maps, which the caller discards when the reports are written. */
export type Evaluation = { report: Report; store: ResultsStore; items: ReadonlyMap<string, DatasetItem> };

/**
 * Evaluates a detector on a data set. Files that cannot be read, masks that do not fit and categories that lack a class are
 * named in the report and left out of what they would spoil; the rest is evaluated. Interrupted runs go on where they stopped.
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
        ...scored.map(({ item: { id, category, type, label }, score }) => ({ id, category, type, label, score })),
      );
    }
    const seconds = (performance.now() - started) / 1000;
    const report: Report = {
      format: 1,
      dataset: { name: listing.name, layout: listing.layout, published: run.published },
      detector: detector.id,
      options: { ...options, limit: options.limit ?? null },
      categories: results.map((result) => result.report),
      mean: meanMetrics(results),
      images,
      problems: allProblems,
      run: {
        finished: new Date().toISOString(),
        seconds,
        imagesPerSecond: (store.size - inherited) / seconds,
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
    this.run.onProgress?.({ done: this.done, total: this.total, category });
  }
}

/** Everything that scores and maps depend on, files by size and time so that changed ones are looked at anew. */
async function identityOf(
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
  return { version: 1, detector: detector.id, root: listing.root, mode: options.mode, side: options.pixelSize, files };
}

async function scoreCategory(
  run: EvaluationRun,
  plan: CategoryPlan,
  store: ResultsStore,
  tracker: Tracker,
): Promise<EvaluationProblem[]> {
  const problems: EvaluationProblem[] = [];
  const missing = plan.test.filter((item) => !store.has(item.id));
  // Mutual scores depend on all images of the category: a part of them is of no use.
  const wanted = run.options.mode === 'mutual' && missing.length > 0 ? plan.test : missing;
  tracker.advance(plan.category, plan.test.length - wanted.length);
  if (wanted.length === 0) {
    return problems;
  }
  const references = await decodeAll(plan.references, problems);
  const opened = decodeEach(wanted, problems, () => tracker.advance(plan.category));
  if (run.options.mode === 'mutual') {
    try {
      await scoreMutually(run, plan, opened, store, tracker);
    } catch (error) {
      run.signal?.throwIfAborted();
      problems.push({ code: 'inspection_failed', where: plan.category, message: messageOf(error) });
    }
    return problems;
  }
  for await (const { item, image } of lookAhead(opened, 2)) {
    try {
      const { score, map } = await run.detector.inspect(image, references);
      await store.add(item.id, score, resampleMap(map, run.options.pixelSize));
    } catch (error) {
      run.signal?.throwIfAborted();
      problems.push({ code: 'inspection_failed', where: item.id, message: messageOf(error) });
    }
    tracker.advance(plan.category);
  }
  return problems;
}

async function scoreMutually(
  run: EvaluationRun,
  plan: CategoryPlan,
  opened: AsyncIterable<OpenedItem>,
  store: ResultsStore,
  tracker: Tracker,
): Promise<void> {
  const order: DatasetItem[] = [];
  async function* images(): AsyncGenerator<DecodedImage> {
    for await (const { item, image } of lookAhead(opened, 2)) {
      run.signal?.throwIfAborted();
      order.push(item);
      yield image;
    }
  }
  let position = 0;
  for await (const { score, map } of run.detector.mutual(images())) {
    const item = order[position] as DatasetItem;
    if (!store.has(item.id)) {
      await store.add(item.id, score, resampleMap(map, run.options.pixelSize));
    }
    position += 1;
    tracker.advance(plan.category);
  }
}

type OpenedItem = { item: DatasetItem; image: DecodedImage };

/** Decodes images one by one; an unreadable one is named and skipped. */
async function* decodeEach(
  items: readonly DatasetItem[],
  problems: EvaluationProblem[],
  onSkip: () => void,
): AsyncGenerator<OpenedItem> {
  for (const item of items) {
    let image: DecodedImage;
    try {
      image = await loadImage(item);
    } catch (error) {
      problems.push({ code: 'unreadable_image', where: item.id, message: messageOf(error) });
      onSkip();
      continue;
    }
    yield { item, image };
  }
}

async function decodeAll(items: readonly DatasetItem[], problems: EvaluationProblem[]): Promise<DecodedImage[]> {
  const images: DecodedImage[] = [];
  for await (const { image } of decodeEach(items, problems, () => undefined)) {
    images.push(image);
  }
  return images;
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
    scored.push({ item, score, mask: loaded !== undefined && 'mask' in loaded ? loaded.mask : undefined });
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
