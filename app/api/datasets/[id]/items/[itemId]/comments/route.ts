import { commentSchema } from '@/lib/datasets/contract';
import { commentItem } from '@/lib/datasets/review/comment';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route<{ id: string; itemId: string }, 'review'>(
  { access: 'review' },
  async ({ request, principal, params }) => {
    const { text } = await readJson(request, commentSchema);
    const address = { datasetId: params.id, itemId: params.itemId };
    return Response.json(await commentItem(principal, address, text), { status: 201 });
  },
);
