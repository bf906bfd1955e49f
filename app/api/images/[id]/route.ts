import { imagePatchSchema } from '@/lib/contract';
import { chooseWindow } from '@/lib/images/image-values';
import { toImageInfo } from '@/lib/images/receive-image';
import { findImage } from '@/lib/database/images';
import { notFound } from '@/lib/http/app-error';
import { readJson } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ principal, params }) => {
  const image = await findImage(principal, params.id);
  if (image === null) {
    throw notFound('image');
  }
  return Response.json(toImageInfo(image), { headers: { 'cache-control': 'private, no-store' } });
});

export const PATCH = route<{ id: string }, 'write'>({ access: 'write' }, async ({ request, principal, params }) => {
  const { window } = await readJson(request, imagePatchSchema);
  return Response.json(await chooseWindow(principal, params.id, window));
});
