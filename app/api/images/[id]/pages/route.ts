import { imagePageSchema } from '@/lib/assistant/contract';
import { openPage } from '@/lib/assistant/images/image-values';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/http/route';

export const POST = route<{ id: string }, 'write'>(
  { access: 'write', rate: { name: 'upload', burst: 400, perMinute: 600 } },
  async ({ request, principal, params }) => {
    const { page } = await readJson(request, imagePageSchema);
    return Response.json(await openPage(principal, params.id, page));
  },
);
