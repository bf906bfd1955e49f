import { fileStem } from '@/lib/assistant/exports';
import { toPdf } from '@/lib/assistant/exports/pdf';
import { openShare, readSharedConversation } from '@/lib/sharing/open-share';
import { fileResponse } from '@/lib/http/file-response';
import { route } from '@/lib/handler/route';

export const GET = route<{ token: string }, 'public'>(
  { access: 'public', rate: { name: 'report', burst: 5, perMinute: 10 } },
  async ({ request, params }) => {
    const share = await openShare(params.token, request.headers);
    const conversation = await readSharedConversation(share);
    const name = `${fileStem(conversation.title)}.pdf`;
    return fileResponse(await toPdf(conversation), { mime: 'application/pdf', name, attachment: true });
  },
);
