import { imageListQuerySchema, limits } from '@/lib/contract';
import { listImages } from '@/lib/images/list-images';
import { receiveImage } from '@/lib/images/receive-image';
import { readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';
import { announcedBytes, reserveRoom } from '@/lib/http/room';
import { readUpload } from '@/lib/http/upload';

export const GET = route({ access: 'read' }, async ({ request, principal }) =>
  Response.json(await listImages(principal, readQuery(request, imageListQuerySchema))),
);

export const POST = route(
  { access: 'write', rate: { name: 'upload', burst: 400, perMinute: 600 } },
  async ({ request, principal }) => {
    const release = await reserveRoom(principal, announcedBytes(request, limits.imageBytes));
    try {
      const { source, name } = await readUpload(request, limits.imageBytes);
      return Response.json(await receiveImage(principal, source, name));
    } finally {
      release();
    }
  },
);
