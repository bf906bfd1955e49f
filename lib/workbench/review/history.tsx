import type { ReviewItem } from '@/lib/datasets/contract';
import { relativeTime } from '../shell/relative-time';
import { VERDICT_NAMES } from './wording';

/** All revisions of the item, the newest first. */
export function History({ item }: { item: ReviewItem }) {
  if (item.reviews.length === 0) {
    return null;
  }
  return (
    <section aria-label="History" className="border-t border-line p-3">
      <h3 className="mb-1 text-2xs font-medium text-muted">History</h3>
      <ol className="space-y-1">
        {item.reviews.toReversed().map((review) => (
          <li key={review.id} data-history={review.verdict} className="flex items-baseline gap-2 text-xs">
            <span className="w-6 shrink-0 text-right text-2xs text-muted tabular-nums">
              {review.revision > 0 ? review.revision : '·'}
            </span>
            <span className="min-w-0 flex-1 truncate">
              {VERDICT_NAMES[review.verdict]}
              {review.label ? `, ${review.label}` : ''}
              {review.defectType ? (
                <>
                  : <bdi>{review.defectType}</bdi>
                </>
              ) : null}
              {review.comment ? (
                <>
                  {' '}
                  (“<bdi>{review.comment}</bdi>”)
                </>
              ) : null}
            </span>
            <span className="shrink-0 text-2xs text-muted">
              {review.reviewer?.name ?? 'Somebody'}, {relativeTime(review.createdAt)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
