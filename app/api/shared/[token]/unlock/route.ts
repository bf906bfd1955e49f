import { clientAddress } from '@/lib/http/client-address';
import { readForm } from '@/lib/http/body';
import { route } from '@/lib/handler/route';
import { AppError } from '@/lib/http/app-error';
import { unlockFormSchema } from '@/lib/sharing/contract';
import { isSecureRequest } from '@/lib/sharing/public-address';
import { unlockShare } from '@/lib/sharing/unlock-share';

/**
 * A form without script sends the password here; the answer leads back to the page, with the cookie or with why not.
 */
export const POST = route<{ token: string }, 'public'>({ access: 'public' }, async ({ request, params }) => {
  const { password } = await readForm(request, unlockFormSchema);
  const page = `/s/${encodeURIComponent(params.token)}`;
  try {
    const cookie = await unlockShare(params.token, password, {
      headers: request.headers,
      address: clientAddress(request),
      secure: isSecureRequest(request.headers),
    });
    return new Response(null, { status: 303, headers: { location: page, 'set-cookie': cookie } });
  } catch (error) {
    if (error instanceof AppError && (error.code === 'unauthorized' || error.code === 'too_many_requests')) {
      const why = error.code === 'unauthorized' ? 'wrong=1' : `wait=${error.retryAfterSeconds ?? 60}`;
      return new Response(null, { status: 303, headers: { location: `${page}?${why}` } });
    }
    throw error;
  }
});
