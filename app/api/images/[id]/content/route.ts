import { contentQuerySchema } from '@/lib/contract';
import { windowOf } from '@/lib/images/image-source';
import { imageVariant, previewVariant } from '@/lib/images/variant';
import { findImage } from '@/lib/database/images';
import { AppError, notFound } from '@/lib/http/app-error';
import { readQuery } from '@/lib/http/body';
import { fileResponse } from '@/lib/http/file-response';
import { route } from '@/lib/handler/route';

/** Files of these kinds may have more than 8 bits a sample, so that the window they are shown by can change. */
const MAY_CHANGE = ['image/png', 'image/tiff'];

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ request, principal, params }) => {
  const { w, format, low, high } = readQuery(request, contentQuerySchema);
  const image = await findImage(principal, params.id);
  if (image === null) {
    throw notFound('image');
  }
  if (low !== undefined && high !== undefined) {
    if (low >= high) {
      throw new AppError('invalid_request', 'The field high is wrong: it must be above low');
    }
    const { bytes, mime } = await previewVariant(image, { low, high }, w);
    return fileResponse(bytes, { mime, name: image.name });
  }
  const { sha256, mime: uploaded, name } = image;
  if (!MAY_CHANGE.includes(uploaded)) {
    const { bytes, mime } = await imageVariant(image, w, format);
    return fileResponse(bytes, { mime, name, immutable: true });
  }
  const etag = `"${[sha256.slice(0, 32), w ?? 'full', format ?? '', ...Object.values(windowOf(image) ?? {})].join('_')}"`;
  if (request.headers.get('if-none-match') === etag) {
    return new Response(null, {
      status: 304,
      headers: { etag, 'cache-control': 'private, max-age=60, must-revalidate' },
    });
  }
  const { bytes, mime } = await imageVariant(image, w, format);
  return fileResponse(bytes, { mime, name, etag });
});
