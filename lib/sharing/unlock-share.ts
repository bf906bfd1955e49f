import { AppError, notFound } from '@/lib/http/app-error';
import { limitRate, type RateRule } from '@/lib/http/rate-limit';
import { findShare } from './open-share';
import { verifyPassword } from './password';
import { unlockCookie } from './unlock-cookie';

/** Tries of one address at one link, and of all addresses together: many addresses do not make guessing fast. */
const PER_ADDRESS: RateRule = { name: 'unlock', burst: 5, perMinute: 3 };
const PER_LINK: RateRule = { name: 'unlock one link', burst: 30, perMinute: 10 };

/**
 * Checks a link's password and returns the `Set-Cookie` header that remembers it.
 * @throws AppError not_found, too_many_requests, or unauthorized when the password is wrong
 */
export async function unlockShare(
  token: string,
  password: string,
  { headers, address, secure }: { headers: Headers; address: string; secure: boolean },
): Promise<string> {
  const found = await findShare(token, headers);
  const share = found?.share;
  if (share === undefined || !found?.admitted || share.passwordHash === null) {
    throw notFound('shared conversation');
  }
  // What one address is refused does not count against the others.
  limitRate(`${share.id} ${address}`, PER_ADDRESS);
  limitRate(share.id, PER_LINK);
  if (!(await verifyPassword(password, share.passwordHash))) {
    throw new AppError('unauthorized', 'The password is wrong');
  }
  return unlockCookie(share, { secure });
}
