import { draftRequestSchema } from '@/lib/datasets/contract';
import { draftText } from '@/lib/datasets/review/draft-text';
import { readJson } from '@/lib/http/body';
import { jsonLines } from '@/lib/http/json-lines';
import { route } from '@/lib/handler/route';

export const POST = route<{ id: string; itemId: string }, 'chat'>(
  { access: 'chat', rate: { name: 'draft', burst: 20, perMinute: 20 } },
  async ({ request, principal, params }) => {
    const { fields } = await readJson(request, draftRequestSchema);
    const address = { datasetId: params.id, itemId: params.itemId };
    return jsonLines(draftText(principal, address, fields, request.signal));
  },
);
