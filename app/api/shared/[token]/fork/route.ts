import { forkShare } from '@/lib/sharing/fork-share';
import { openShare } from '@/lib/sharing/open-share';
import { route } from '@/lib/handler/route';

export const POST = route<{ token: string }, 'chat'>(
  { access: 'chat', rate: { name: 'fork', burst: 10, perMinute: 10 } },
  async ({ request, principal, params }) => {
    const share = await openShare(params.token, request.headers);
    return Response.json({ conversationId: await forkShare(principal, share) }, { status: 201 });
  },
);
