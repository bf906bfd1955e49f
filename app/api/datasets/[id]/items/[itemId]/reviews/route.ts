import { reviewLimits, submitReviewSchema, undoReviewSchema } from '@/lib/datasets/contract';
import { readItem } from '@/lib/datasets/review/describe-item';
import { submitReview, type ReviewOutcome } from '@/lib/datasets/review/submit-review';
import { undoReview } from '@/lib/datasets/review/undo-review';
import { readJson, readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

type Params = { id: string; itemId: string };

const addressOf = ({ id, itemId }: Params) => ({ datasetId: id, itemId });
const answer = (outcome: ReviewOutcome) =>
  'conflict' in outcome ? Response.json(outcome.conflict, { status: 409 }) : Response.json(outcome.item);

export const GET = route<Params, 'read'>({ access: 'read' }, async ({ principal, params }) =>
  Response.json(await readItem(principal, params.id, params.itemId)),
);

export const POST = route<Params, 'review'>({ access: 'review' }, async ({ request, principal, params }) => {
  const review = await readJson(request, submitReviewSchema, reviewLimits.bodyBytes);
  return answer(await submitReview(principal, addressOf(params), review));
});

export const DELETE = route<Params, 'review'>({ access: 'review' }, async ({ request, principal, params }) => {
  const { revision } = readQuery(request, undoReviewSchema);
  return answer(await undoReview(principal, addressOf(params), revision));
});
