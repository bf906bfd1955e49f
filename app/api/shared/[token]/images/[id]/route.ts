import { sharedImageQuerySchema } from '@/lib/sharing/contract';
import { openShare } from '@/lib/sharing/open-share';
import { sharedImage } from '@/lib/sharing/shared-image';
import { readQuery } from '@/lib/http/body';
import { fileResponse } from '@/lib/http/file-response';
import { route } from '@/lib/handler/route';

export const GET = route<{ token: string; id: string }, 'public'>({ access: 'public' }, async ({ request, params }) => {
  const query = readQuery(request, sharedImageQuerySchema);
  const share = await openShare(params.token, request.headers);
  const { bytes, mime, name, attachment } = await sharedImage(share, params.id, query);
  return fileResponse(bytes, { mime, name, attachment });
});
