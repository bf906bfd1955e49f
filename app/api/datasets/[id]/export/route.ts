import { Readable } from 'node:stream';
import { exportQuerySchema } from '@/lib/datasets/contract';
import { exportZip } from '@/lib/datasets/export';
import { requireDataset } from '@/lib/datasets/sets';
import { readQuery } from '@/lib/http/body';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>(
  { access: 'read', rate: { name: 'dataset-export', burst: 10, perMinute: 10 } },
  async ({ request, params, principal }) => {
    const options = readQuery(request, exportQuerySchema);
    const { id, name } = await requireDataset(principal, params.id);
    const body = Readable.toWeb(exportZip(id, options)) as unknown as ReadableStream<Uint8Array>;
    const file = encodeURIComponent(`${name}-${options.format}.zip`);
    return new Response(body, {
      headers: {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename*=UTF-8''${file}`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      },
    });
  },
);
