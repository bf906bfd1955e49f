import { readReviewable } from '@/lib/datasets/review/queue';
import { route } from '@/lib/handler/route';

export const GET = route({ access: 'read' }, async ({ principal }) =>
  Response.json({ datasets: await readReviewable(principal) }),
);
