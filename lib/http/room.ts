import type { Owner } from '@/lib/database/owner';
import { storedBytes } from '@/lib/database/usage';
import { environment, setting, type Environment } from '@/lib/env';
import { dataDirectory } from '@/lib/storage/data-directory';
import { freeBytes } from '@/lib/storage/free-space';
import { AppError } from './app-error';

/** Bytes that are on their way in, in all and of each person: two uploads at once must not take the same room. */
type Expected = { all: number; of: Map<string, number> };

// One per process: Next.js may load this module once per route.
const holder = globalThis as typeof globalThis & { looktwiceExpected?: Expected };
const expected = (): Expected => (holder.looktwiceExpected ??= { all: 0, of: new Map() });

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en-GB')} MB`;

/** @param held what is expected already and is part of `bytes` */
async function requireDisk(bytes: number, held: number): Promise<void> {
  const free = Math.max(0, (await freeBytes(dataDirectory())) - (expected().all - held));
  if (free < bytes) {
    throw new AppError(
      'disk_full',
      `The disk of the server has room for ${megabytes(free)} and this needs ${megabytes(bytes)}: free some space and try again`,
    );
  }
}

/**
 * @param more bytes that come to what the account, and the server, have stored
 * @throws AppError quota_exceeded, disk_full
 */
async function checkQuotas(userId: string, more: { account: number; server: number }, env: Environment): Promise<void> {
  const account = setting('LOOKTWICE_ACCOUNT_QUOTA', env);
  if (account !== undefined) {
    const used = await storedBytes(userId);
    if (used + more.account > account) {
      throw new AppError(
        'quota_exceeded',
        `Your images take ${megabytes(used)} of the ${megabytes(account)} that an account may have: delete what you no longer need, or ask an administrator for more. What is deleted counts until it is gone for good, after up to a week`,
      );
    }
  }
  const server = setting('LOOKTWICE_QUOTA', env);
  if (server !== undefined && (await storedBytes(null)) + more.server > server) {
    throw new AppError(
      'disk_full',
      `The images of all accounts have reached the ${megabytes(server)} that this server may hold: ask an administrator for more`,
    );
  }
}

/**
 * For what is about to be stored, and was announced as less or not at all.
 * @throws AppError quota_exceeded, disk_full
 */
export function requireQuotas({ userId }: Owner, bytes: number, env: Environment = environment()): Promise<void> {
  return checkQuotas(userId, { account: bytes, server: bytes }, env);
}

function expect(userId: string, bytes: number): () => void {
  const { of } = expected();
  expected().all += bytes;
  of.set(userId, (of.get(userId) ?? 0) + bytes);
  let released = false;
  return () => {
    if (!released) {
      released = true;
      expected().all -= bytes;
      const left = (of.get(userId) ?? 0) - bytes;
      if (left > 0) {
        of.set(userId, left);
      } else {
        of.delete(userId);
      }
    }
  };
}

/**
 * Makes sure, before anything is received, that there is room for it on the disk and within the quotas, and holds the
 * room until the returned function is called.
 * @param bytes of what is to be kept; at least 1 where nobody can say
 * @param onDisk bytes that the work on it takes meanwhile, where that is more
 * @throws AppError disk_full (507) or quota_exceeded (413), saying how much is left
 */
export async function reserveRoom(
  { userId }: Owner,
  bytes: number,
  onDisk: number = bytes,
  env: Environment = environment(),
): Promise<() => void> {
  // Held before it is checked: of two that come at once, none looks at the room before the other has taken its part.
  const release = expect(userId, bytes);
  try {
    await requireDisk(onDisk, bytes);
    const { all, of } = expected();
    await checkQuotas(userId, { account: of.get(userId) ?? 0, server: all }, env);
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/**
 * The bytes that a request says it brings, at most `limit`, beyond which it is refused anyway; 1 where it does not say,
 * so that at least a full disk is noticed.
 */
export function announcedBytes(request: Request, limit: number): number {
  const length = Number(request.headers.get('content-length'));
  return Number.isSafeInteger(length) && length > 0 ? Math.min(length, limit) : 1;
}
