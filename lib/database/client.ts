import { mkdirSync } from 'node:fs';
import { PRIVATE_DIRECTORY } from '@/lib/common/atomic-file';
import { dataDirectory } from '@/lib/storage/data-directory';
import { SqliteAdapter } from './adapter';
import { PrismaClient } from './generated/client';
import { databaseAddress, postgresqlUrl } from './kind';
import { PostgresqlAdapter } from './postgresql-adapter';

/** Transactions queue for the one writer; under load a turn may wait long before it is wrong to wait. */
const TRANSACTION_OPTIONS = { maxWait: 30_000, timeout: 30_000 };

// One client per process, kept outside the module so that a development reload does not open a second one.
const holder = globalThis as typeof globalThis & { looktwiceDatabase?: { address: string; client: PrismaClient } };

/** A client of a SQLite file. @param url as `fileUrl` makes it */
export function openSqlite(url: string): PrismaClient {
  return new PrismaClient({ adapter: new SqliteAdapter(url), transactionOptions: TRANSACTION_OPTIONS });
}

/**
 * A client of a PostgreSQL database. It has the type of SQLite's: the code keeps to what both can do.
 * @param snapshot for a long transaction that only reads, see `PostgresqlAdapter`
 */
export function openPostgresql(url: string, { snapshot = false } = {}): PrismaClient {
  // Loaded here, so that nobody pays for it who does not use it; it cannot be awaited.
  const generated = require('./generated/postgresql/client') as { PrismaClient: typeof PrismaClient };
  const adapter = new PostgresqlAdapter(url, { snapshot });
  return new generated.PrismaClient({ adapter, transactionOptions: TRANSACTION_OPTIONS });
}

/**
 * The database: PostgreSQL where DATABASE_URL names one, else the file of the data directory. Run `prisma/migrate.ts`
 * before the first use.
 */
export function database(): PrismaClient {
  const address = databaseAddress();
  if (holder.looktwiceDatabase?.address !== address) {
    mkdirSync(dataDirectory(), { recursive: true, mode: PRIVATE_DIRECTORY });
    const url = postgresqlUrl();
    holder.looktwiceDatabase = { address, client: url === undefined ? openSqlite(address) : openPostgresql(url) };
  }
  return holder.looktwiceDatabase.client;
}

/** Closes the connection; the next `database()` opens it again. */
export async function closeDatabase(): Promise<void> {
  const open = holder.looktwiceDatabase;
  delete holder.looktwiceDatabase;
  await open?.client.$disconnect();
}
