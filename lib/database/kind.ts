import { setting } from '@/lib/env';
import { databaseUrl } from '@/lib/storage/data-directory';

/** The PostgreSQL database that is in use; undefined: the SQLite file of the data directory is. */
export function postgresqlUrl(): string | undefined {
  return setting('DATABASE_URL');
}

/**
 * Which database is in use, as an address that two have in common only when they are the same. It may hold a password:
 * not for people's eyes.
 */
export function databaseAddress(): string {
  return postgresqlUrl() ?? databaseUrl();
}

/** A PostgreSQL address without the password, for messages. */
export function withoutPassword(url: string): string {
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`;
}
