import { segmentRequestSchema } from '@/lib/datasets/contract';
import { segmentImageAt } from '@/lib/datasets/review/segment-image';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route<{ id: string }, 'chat'>(
  { access: 'chat', rate: { name: 'segment', burst: 240, perMinute: 240 } },
  async ({ request, principal, params }) => {
    const wanted = await readJson(request, segmentRequestSchema);
    return Response.json(await segmentImageAt(principal, params.id, wanted, request.signal));
  },
);
