import { eachResult, findFeatures, type BatchJobRow, type Settled, storeSettled } from '@/lib/database/batch-jobs';
import { logit } from '@/lib/anomaly/calibration';
import type { Judgement } from '@/lib/contract/verdict';
import { toJudgement } from '../items';
import { combine, disagreementOf, uncertaintyOf } from './disagreement';
import { fitSigmoid, predictOutOfFold } from './ridge';

const FOLDS = 5;
/** Labelled items of a category from which its labels can be checked against each other. */
const ENOUGH_LABELS = 20;
/** Items of a category that are looked at together; bounds the memory (3 KB an item). */
const MAX_TOGETHER = 8_000;

type Result = {
  itemId: string;
  imageId: string;
  score: number;
  target: number;
  category: string | null;
  agreement: number | null;
  maskIou: number | null;
  judgement: Judgement | null;
};

/**
 * The last step of a batch inspection: how much the model contradicts each item's label and mask, and how sure it is.
 *
 * The probability that an item is anomalous is the mean of two: the score, and a check of the labels against each
 * other: a ridge regression on the encoder's features, fitted without the item's own fold, so that a wrong label is
 * judged by the others (as in confident learning). Both are scaled on the set's labels.
 */
export async function settle(job: Pick<BatchJobRow, 'id' | 'bundle'>): Promise<void> {
  const groups = new Map<string, Result[]>();
  for await (const { score, item, agreement, maskIou, judgement } of eachResult(job.id)) {
    if (score !== null) {
      const target = item.label === 'unlabelled' ? 0 : item.label === 'anomalous' ? 1 : -1;
      const { id: itemId, imageId, category } = item;
      const key = category ?? '';
      const group = groups.get(key) ?? [];
      const own = toJudgement(judgement);
      group.push({ itemId, imageId, score, target, category, agreement, maskIou, judgement: own });
      groups.set(key, group);
    }
  }
  for (const group of groups.values()) {
    for (let from = 0; from < group.length; from += MAX_TOGETHER) {
      await storeSettled(job.id, await settleGroup(group.slice(from, from + MAX_TOGETHER), job.bundle));
    }
  }
}

async function settleGroup(group: readonly Result[], bundle: string | null): Promise<Settled[]> {
  const targets = group.map(({ target }) => target);
  const logits = group.map(({ score }) => logit(score));
  const fit =
    targets.filter((target) => target !== 0).length >= ENOUGH_LABELS ? fitSigmoid(logits, targets) : undefined;
  const fromScore = group.map(({ score, judgement }) =>
    fit === undefined ? (judgement?.probability ?? score) : fit(logit(score)),
  );
  const fromLabels =
    fit === undefined || bundle === null ? undefined : await checkLabels(group, targets, logits, bundle);
  return group.map((result, i) => {
    const own = fromScore[i] ?? result.score;
    const probability = fromLabels === undefined ? own : combine(own, fromLabels[i] ?? own);
    return {
      itemId: result.itemId,
      score: result.score,
      disagreement: disagreementOf({ probability, ...result }),
      uncertainty: uncertaintyOf(probability, result.judgement?.verdict === 'unsure'),
      judgement: result.judgement,
    };
  });
}

async function checkLabels(
  group: readonly Result[],
  targets: readonly number[],
  logits: readonly number[],
  bundle: string,
): Promise<number[] | undefined> {
  const rows: Float32Array[] = [];
  for (let from = 0; from < group.length; from += 500) {
    const chunk = group.slice(from, from + 500);
    const features = await findFeatures(
      chunk.map(({ imageId }) => imageId),
      bundle,
    );
    for (const [i, { imageId }] of chunk.entries()) {
      const bytes = features.get(imageId);
      if (bytes === undefined) {
        return undefined;
      }
      rows.push(Float32Array.of(...fromBytes(bytes), logits[from + i] ?? 0));
    }
  }
  // Items come in the order of their ids, which are random, so folds by turns are random too; the same image is always
  // in one fold.
  const foldOf = new Map<string, number>();
  const folds = group.map(({ imageId }) => {
    const fold = foldOf.get(imageId) ?? foldOf.size % FOLDS;
    foldOf.set(imageId, fold);
    return fold;
  });
  const predictions = Array.from(await predictOutOfFold(rows, targets, folds, FOLDS));
  const scale = fitSigmoid(predictions, targets);
  return scale === undefined ? undefined : predictions.map(scale);
}

/** Little-endian float32, as `ImageFeature.vector` keeps them. */
export function fromBytes(bytes: Uint8Array): Float32Array {
  const copy = new Uint8Array(bytes);
  return new Float32Array(copy.buffer, 0, Math.floor(copy.byteLength / 4));
}
