import { stat } from 'node:fs/promises';
import { databasePath } from '@/lib/storage/data-directory';
import { database } from './client';
import { postgresqlUrl } from './kind';

/** What the database takes on its disk, in bytes. */
export async function databaseBytes(): Promise<number> {
  if (postgresqlUrl() === undefined) {
    return (await stat(databasePath())).size;
  }
  const [row] = await database().$queryRaw<{ bytes: bigint }[]>`SELECT pg_database_size(current_database()) AS bytes`;
  return Number(row?.bytes ?? 0);
}
