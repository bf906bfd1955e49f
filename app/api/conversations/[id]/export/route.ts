import { exportQuerySchema } from '@/lib/contract';
import { exportConversation } from '@/lib/assistant/exports';
import { readQuery } from '@/lib/http/body';
import { fileResponse } from '@/lib/http/file-response';
import { route } from '@/lib/handler/route';

export const GET = route<{ id: string }, 'read'>(
  { access: 'read', rate: { name: 'export', burst: 20, perMinute: 30 } },
  async ({ request, principal, params }) => {
    const query = readQuery(request, exportQuerySchema);
    const { bytes, mime, name } = await exportConversation(principal, params.id, query);
    return fileResponse(bytes, { mime, name, attachment: true });
  },
);
