import { toImageInfo } from '@/lib/assistant/images/receive-image';
import { findImage } from '@/lib/database/images';
import { notFound } from '@/lib/http/app-error';
import { route } from '@/lib/http/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ principal, params }) => {
  const image = await findImage(principal, params.id);
  if (image === null) {
    throw notFound('image');
  }
  return Response.json(toImageInfo(image), { headers: { 'cache-control': 'private, no-store' } });
});
