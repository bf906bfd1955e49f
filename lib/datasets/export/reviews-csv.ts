import { listReviews } from '@/lib/database/dataset-items';
import { roundOf } from '../review/round';
import { csvCell } from './csv-cell';
import type { ExportItem, Exporter } from './types';

const COLUMNS = [
  'path',
  'label',
  'defect_type',
  'verdict',
  'score',
  'disagreement',
  'revision',
  'reviewer',
  'review_verdict',
  'review_label',
  'review_defect_type',
  'comment',
  'reviewed_at',
  'model_verdict',
  'probability',
  'foreignness',
  'basis',
];

/**
 * Whether a decision may be told: whoever exports may take part in an open double review, so what its reviewers decided
 * stays out until it is closed.
 */
function isTold({ reviewerId, item }: Awaited<ReturnType<typeof listReviews>>[number]): boolean {
  const { open, parties } = roundOf(item);
  return !open || reviewerId === null || !parties.includes(reviewerId);
}

/**
 * All reviews of a set as CSV, a line per decision, the oldest of an item first; items without one, or with an open
 * double review, have one line.
 */
export const exportReviews: Exporter = async function* (items) {
  const lines = [COLUMNS.join(',')];
  let page: ExportItem[] = [];
  const flush = async () => {
    const reviews = await listReviews(page.map(({ id }) => id));
    for (const item of page) {
      const own = [item.path, item.fields.label, item.fields.defectType, item.verdict, item.score, item.disagreement];
      const { verdict: model, probability, foreignness, basis } = item.judgement ?? {};
      const said = [model, probability, foreignness, basis && `${basis.kind} ${basis.count}`];
      const decisions = reviews.filter((review) => review.itemId === item.id && isTold(review));
      const rows = decisions.length > 0 ? decisions : [undefined];
      for (const review of rows) {
        const { revision, reviewer, verdict, label, defectType, comment, createdAt } = review ?? {};
        const cells = [revision, reviewer?.name, verdict, label, defectType, comment, createdAt?.toISOString()];
        lines.push([...own, ...cells, ...said].map(csvCell).join(','));
      }
    }
    page = [];
  };
  for await (const item of items) {
    page.push(item);
    if (page.length === 200) {
      await flush();
    }
  }
  await flush();
  yield { path: 'reviews.csv', content: { text: `${lines.join('\r\n')}\r\n` } };
};
