import { inspectRequestSchema } from '@/lib/contract';
import { inspectImage } from '@/lib/assistant/inspections/inspect-image';
import { inspectStream, NDJSON } from '@/lib/assistant/inspections/inspect-stream';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route(
  { access: 'chat', rate: { name: 'inspect', burst: 120, perMinute: 120 } },
  async ({ request, principal }) => {
    const wanted = await readJson(request, inspectRequestSchema);
    if (request.headers.get('accept')?.includes(NDJSON)) {
      return inspectStream(principal, wanted, request.signal);
    }
    return Response.json(await inspectImage(principal, wanted, request.signal));
  },
);
