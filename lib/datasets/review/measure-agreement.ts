import type { AgreementResponse, PairAgreement, Person } from '@/lib/datasets/contract';
import type { Owner } from '@/lib/database/owner';
import { countOpenRounds, findDoubleReviews } from '@/lib/database/reviews/assignments';
import { findReviewableDataset } from '@/lib/database/reviews/queue';
import { notFound } from '@/lib/http/app-error';
import type { Rle } from '@/lib/segmentation/rle';
import { cohensKappa, rleIou } from './agreement';
import { liveReviews } from './round';

type Decision = { person: Person; verdict: string; label: string; mask: Rle | null };
type Pair = { reviewers: [Person, Person]; decisions: [Decision, Decision][] };

/** The first decision of each reviewer: what they said before they could see each other's. */
function decisionsOf(item: Awaited<ReturnType<typeof findDoubleReviews>>[number]): Decision[] {
  const live = liveReviews(item.reviews);
  return item.assignments.flatMap(({ reviewerId }) => {
    // Rows of the open round come first; the row that closed it is the last reviewer's.
    const row = live.find((review) => review.reviewerId === reviewerId && review.verdict !== 'skipped');
    return row?.reviewer
      ? [
          {
            person: row.reviewer,
            verdict: row.verdict,
            label: row.label ?? 'unlabelled',
            mask: (row.mask?.rle as Rle | undefined) ?? null,
          },
        ]
      : [];
  });
}

function measure({ reviewers, decisions }: Pair): PairAgreement {
  const column = (side: 0 | 1, field: 'verdict' | 'label') => decisions.map((pair) => pair[side][field]);
  const masks = decisions.flatMap(([{ mask: a }, { mask: b }]) =>
    a === null && b === null ? [] : [a === null || b === null ? 0 : rleIou(a, b)],
  );
  const same = decisions.filter(([a, b]) => a.verdict === b.verdict).length;
  return {
    reviewers,
    items: decisions.length,
    verdictKappa: cohensKappa(column(0, 'verdict'), column(1, 'verdict')),
    labelKappa: cohensKappa(column(0, 'label'), column(1, 'label')),
    verdictAgreement: decisions.length === 0 ? null : same / decisions.length,
    maskIou: masks.length === 0 ? null : masks.reduce((sum, iou) => sum + iou, 0) / masks.length,
    masks: masks.length,
  };
}

/**
 * Agreement of each pair of reviewers over the double reviews that both have finished.
 * @throws AppError not_found
 */
export async function measureAgreement(who: Owner, datasetId: string): Promise<AgreementResponse> {
  if ((await findReviewableDataset(who, datasetId)) === null) {
    throw notFound('data set');
  }
  const items = await findDoubleReviews(datasetId);
  const pairs = new Map<string, Pair>();
  for (const item of items) {
    const decisions = decisionsOf(item).sort((a, b) => (a.person.id < b.person.id ? -1 : 1));
    decisions.forEach((first, index) => {
      for (const second of decisions.slice(index + 1)) {
        const key = `${first.person.id}\n${second.person.id}`;
        const pair = pairs.get(key) ?? { reviewers: [first.person, second.person], decisions: [] };
        pair.decisions.push([first, second]);
        pairs.set(key, pair);
      }
    });
  }
  return {
    pairs: [...pairs.values()].map(measure),
    disputed: items.filter(({ verdict }) => verdict === 'second_opinion').length,
    waiting: await countOpenRounds(datasetId),
  };
}
