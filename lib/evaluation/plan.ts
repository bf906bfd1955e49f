import { type DatasetItem, type DatasetListing } from '@/lib/datasets/readers/types';
import { type EvaluationOptions } from './options';
import { type EvaluationProblem } from './problems';
import { deriveSeed, sampleWithoutReplacement, seededRandom } from '@/lib/common/random';

/** What is scored in one category, and with which references. */
export type CategoryPlan = { category: string; test: DatasetItem[]; references: DatasetItem[] };

/**
 * Chooses references and test images of each category; the same seed gives the same plan, category by category.
 *
 * References are drawn from the normal training images. A set without any gives normal TEST images, which are then not
 * tested. A limit keeps the share of anomalous images, and at least one of each class that is there.
 */
export function planEvaluation(
  listing: DatasetListing,
  options: Pick<EvaluationOptions, 'shots' | 'limit' | 'seed'>,
): { plans: CategoryPlan[]; problems: EvaluationProblem[] } {
  const problems: EvaluationProblem[] = [];
  const categories = [...new Set(listing.items.map((item) => item.category))].sort();
  const plans: CategoryPlan[] = [];
  for (const category of categories) {
    const items = listing.items.filter((item) => item.category === category);
    const { references, test } = drawReferences(
      items,
      options.shots,
      seededRandom(deriveSeed(options.seed, `${category}/references`)),
    );
    if (references.length < options.shots) {
      problems.push({
        code: 'too_few_references',
        where: category,
        message: `The category has ${references.length} normal images to serve as references, ${options.shots} were asked for.`,
      });
    }
    const limited = limitTest(test, options.limit, seededRandom(deriveSeed(options.seed, `${category}/limit`)));
    if (limited.length === 0) {
      problems.push({
        code: 'no_test_images',
        where: category,
        message: 'The category has no test images; it is left out.',
      });
    } else {
      plans.push({ category, test: limited, references });
    }
  }
  return { plans, problems };
}

function drawReferences(
  items: readonly DatasetItem[],
  shots: number,
  random: () => number,
): { references: DatasetItem[]; test: DatasetItem[] } {
  const test = items.filter((item) => item.split === 'test');
  const training = items.filter((item) => item.split === 'train' && item.label === 0);
  const pool = training.length > 0 ? training : test.filter((item) => item.label === 0);
  // One normal image at least stays in the test set, or no metric could be computed.
  const most = training.length > 0 ? pool.length : Math.max(0, pool.length - 1);
  const references = sampleWithoutReplacement(pool, Math.min(shots, most), random);
  const used = new Set(references.map((item) => item.id));
  return { references, test: test.filter((item) => !used.has(item.id)) };
}

function limitTest(items: DatasetItem[], limit: number | undefined, random: () => number): DatasetItem[] {
  if (limit === undefined || items.length <= limit) {
    return items;
  }
  const anomalous = items.filter((item) => item.label === 1);
  const normal = items.filter((item) => item.label === 0);
  const wanted = Math.round((limit * anomalous.length) / items.length);
  const least = anomalous.length > 0 ? 1 : 0;
  const most = normal.length > 0 ? limit - 1 : limit;
  const share = Math.min(Math.max(wanted, least), Math.max(most, least));
  const drawn = [
    ...sampleWithoutReplacement(anomalous, share, random),
    ...sampleWithoutReplacement(normal, limit - share, random),
  ];
  const kept = new Set(drawn.map((item) => item.id));
  return items.filter((item) => kept.has(item.id));
}
