import { AppError, notFound } from '@/lib/http/app-error';
import { networkOf } from '@/lib/http/network';
import { limitRate, type RateRule } from '@/lib/http/rate-limit';
import { findShare } from './open-share';
import { verifyPassword } from './password';
import { unlockCookie, wasUnlocked } from './unlock-cookie';

/** Tries of one network at one link: nobody uses up another's. */
const PER_ADDRESS: RateRule = { name: 'unlock', burst: 5, perMinute: 3 };
/**
 * Tries of all networks together, browsers that once had the password not counted: many addresses do not make guessing
 * fast.
 */
const PER_LINK: RateRule = { name: 'unlock one link', burst: 150, perMinute: 30 };

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
  limitRate(`${share.id} ${networkOf(address)}`, PER_ADDRESS);
  if (!wasUnlocked(share, headers.get('cookie'))) {
    limitRate(share.id, PER_LINK);
  }
  if (!(await verifyPassword(password, share.passwordHash))) {
    throw new AppError('unauthorized', 'The password is wrong');
  }
  return unlockCookie(share, { secure });
}
