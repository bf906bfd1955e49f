import { maskQuerySchema, type Rle } from '@/lib/contract';
import { maskCoco, maskPng } from '@/lib/assistant/masks/mask-file';
import { findMask } from '@/lib/database/masks';
import { notFound } from '@/lib/http/app-error';
import { readQuery } from '@/lib/http/body';
import { fileResponse } from '@/lib/http/file-response';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ request, principal, params }) => {
  const { format } = readQuery(request, maskQuerySchema);
  const mask = await findMask(principal, params.id);
  if (mask === null) {
    throw notFound('mask');
  }
  const stem = mask.image.name.replace(/\.[^.]*$/, '');
  if (format === 'coco') {
    const bytes = Buffer.from(JSON.stringify(maskCoco(mask)));
    return fileResponse(bytes, { mime: 'application/json', name: `${stem}_mask.json`, immutable: true });
  }
  const bytes = await maskPng(mask.rle as Rle);
  return fileResponse(bytes, { mime: 'image/png', name: `${stem}_mask.png`, immutable: true });
});
