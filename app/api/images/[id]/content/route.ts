import { contentQuerySchema } from '@/lib/assistant/contract';
import { imageVariant } from '@/lib/assistant/images/variant';
import { findImage } from '@/lib/database/images';
import { notFound } from '@/lib/http/app-error';
import { readQuery } from '@/lib/http/body';
import { fileResponse } from '@/lib/http/file-response';
import { route } from '@/lib/http/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ request, principal, params }) => {
  const { w, format } = readQuery(request, contentQuerySchema);
  const image = await findImage(principal, params.id);
  if (image === null) {
    throw notFound('image');
  }
  const { bytes, mime } = await imageVariant(image.sha256, w, format);
  return fileResponse(bytes, { mime, name: image.name, immutable: true });
});
