import { imagePageSchema } from '@/lib/contract';
import { openPage } from '@/lib/images/image-values';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const POST = route<{ id: string }, 'write'>(
  { access: 'write', rate: { name: 'upload', burst: 400, perMinute: 600 } },
  async ({ request, principal, params }) => {
    const { page } = await readJson(request, imagePageSchema);
    return Response.json(await openPage(principal, params.id, page));
  },
);
