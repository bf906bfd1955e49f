import { findInspection } from '@/lib/database/inspections';
import { notFound } from '@/lib/http/app-error';
import { fileResponse } from '@/lib/http/file-response';
import { route } from '@/lib/handler/route';
import { blobs } from '@/lib/storage';

export const GET = route<{ id: string }, 'read'>({ access: 'read' }, async ({ principal, params }) => {
  const inspection = await findInspection(principal, params.id);
  if (inspection === null) {
    throw notFound('inspection');
  }
  const bytes = await blobs().read(inspection.mapKey);
  return fileResponse(bytes, { mime: 'image/png', name: 'heatmap.png', immutable: true });
});
