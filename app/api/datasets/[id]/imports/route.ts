import { importFolderSchema, importLimits, importQuerySchema } from '@/lib/datasets/contract';
import { enqueue } from '@/lib/datasets/jobs';
import { requireDataset, toImportInfo } from '@/lib/datasets/sets';
import { newArchiveImport, newFolderImport } from '@/lib/datasets/start';
import { AppError } from '@/lib/http/app-error';
import { readJson, readQuery } from '@/lib/http/body';
import { receive } from '@/lib/http/receive';
import { announcedBytes, reserveRoom } from '@/lib/http/room';
import { route } from '@/lib/handler/route';

/** An archive lies on the disk as it came, unpacked, and as the images that are stored, until the import has ended. */
const COPIES = 3;

/** JSON names a folder of the server's machine, which only an administrator may; any other body is an archive. */
export const POST = route<{ id: string }, 'curate'>({ access: 'curate' }, async ({ request, params, principal }) => {
  const { id: datasetId } = await requireDataset(principal, params.id);
  const runner = 'server' as const;
  let job;
  if (/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    if (principal.role !== 'admin') {
      throw new AppError('forbidden', 'Only an administrator may import a folder of the server: upload an archive');
    }
    job = await newFolderImport(principal, datasetId, { ...(await readJson(request, importFolderSchema)), runner });
  } else {
    if (request.body === null) {
      throw new AppError('invalid_request', 'The request has no body: send a zip, tar or tar.gz');
    }
    const { name, format } = readQuery(request, importQuerySchema);
    const bytes = announcedBytes(request, importLimits.archiveBytes);
    const release = await reserveRoom(principal, bytes, COPIES * bytes);
    try {
      const source = receive(request, importLimits.archiveBytes);
      job = await newArchiveImport(principal, datasetId, { source, name, format, runner });
    } finally {
      release();
    }
  }
  enqueue('imports', job);
  return Response.json(toImportInfo(job, {}), { status: 202 });
});
