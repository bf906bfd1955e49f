import { createHash, timingSafeEqual } from 'node:crypto';
import { authorise } from '@/lib/auth/authorise';
import { authMode } from '@/lib/auth/mode';
import { setting } from '@/lib/env';
import { AppError, notFound } from '@/lib/http/app-error';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Who may read the counts: without accounts, whoever may use the installation (this machine); with accounts, whoever
 * has the token of the environment. The address of the sender says nothing: behind a proxy of this machine all come
 * from it.
 * @throws AppError not_found when there is no token, unauthorized when another one came, forbidden for another machine
 */
export async function requireMetricsAccess(request: Request): Promise<void> {
  if (authMode() === 'local') {
    await authorise(request, 'read');
    return;
  }
  const token = setting('LOOKTWICE_METRICS_TOKEN');
  if (token === undefined) {
    throw notFound('page: set LOOKTWICE_METRICS_TOKEN to have one');
  }
  const sent = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(sent), digest(token))) {
    throw new AppError('unauthorized', 'Send the token of LOOKTWICE_METRICS_TOKEN as `Authorization: Bearer`');
  }
}
