import { openShare, readSharedConversation } from '@/lib/sharing/open-share';
import { socialPicture } from '@/lib/sharing/social-picture';
import { notFound } from '@/lib/http/app-error';
import { fileResponse } from '@/lib/http/file-response';
import { route } from '@/lib/handler/route';

/**
 * The picture that a link's preview shows. A link with a password, or for people with an account, has none: who
 * previews it is nobody.
 */
export const GET = route<{ token: string }, 'public'>(
  { access: 'public', rate: { name: 'picture', burst: 20, perMinute: 30 } },
  async ({ params }) => {
    const share = await openShare(params.token, null);
    const bytes = await socialPicture(await readSharedConversation(share));
    if (bytes === null) {
      throw notFound('picture');
    }
    return fileResponse(bytes, { mime: 'image/png', name: 'preview.png' });
  },
);
