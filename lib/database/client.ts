import { mkdirSync } from 'node:fs';
import { PRIVATE_DIRECTORY } from '@/lib/common/atomic-file';
import { dataDirectory, databaseUrl } from '@/lib/storage/data-directory';
import { SqliteAdapter } from './adapter';
import { PrismaClient } from './generated/client';

/** With one connection transactions queue; under load a turn may wait long before it is wrong to wait. */
const TRANSACTION_OPTIONS = { maxWait: 30_000, timeout: 30_000 };

// One client per process, kept outside the module so that a development reload does not open a second one.
const holder = globalThis as typeof globalThis & { looktwiceDatabase?: { url: string; client: PrismaClient } };

/** The database of the data directory. Run `prisma/migrate.ts` before the first use. */
export function database(): PrismaClient {
  const url = databaseUrl();
  if (holder.looktwiceDatabase?.url !== url) {
    mkdirSync(dataDirectory(), { recursive: true, mode: PRIVATE_DIRECTORY });
    holder.looktwiceDatabase = {
      url,
      client: new PrismaClient({ adapter: new SqliteAdapter(url), transactionOptions: TRANSACTION_OPTIONS }),
    };
  }
  return holder.looktwiceDatabase.client;
}

/** Closes the connection; the next `database()` opens it again. */
export async function closeDatabase(): Promise<void> {
  const open = holder.looktwiceDatabase;
  delete holder.looktwiceDatabase;
  await open?.client.$disconnect();
}
