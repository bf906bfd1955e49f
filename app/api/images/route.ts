import { limits } from '@/lib/assistant/contract';
import { receiveImage } from '@/lib/assistant/images/receive-image';
import { route } from '@/lib/http/route';
import { readUpload } from '@/lib/http/upload';

export const POST = route(
  { access: 'write', rate: { name: 'upload', burst: 400, perMinute: 600 } },
  async ({ request, principal }) => {
    const { source, name } = await readUpload(request, limits.imageBytes);
    return Response.json(await receiveImage(principal, source, name));
  },
);
