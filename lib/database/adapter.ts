import type { Client, Config, Transaction } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';

/** How long a statement waits for another process's write lock before it fails, in ms. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * - WAL: readers (a backup, the CLI) never block the writer, and a killed process leaves a file that the next open repairs.
 * - synchronous = FULL: a commit is on the disk before it is acknowledged, so it survives kill -9 (NORMAL would do for that) and
 *   also the loss of power (NORMAL would not). It costs an fsync per commit: see docs/decisions/database.md for the measurement.
 */
const PRAGMAS = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
PRAGMA foreign_keys = ON;
`;

/**
 * Makes a libSQL client keep one connection. By itself it opens another one after every transaction, without our pragmas and without closing
 * the last. Sharing one is safe: Prisma's adapter lets nothing else use the client until a transaction has ended. Transactions take the write
 * lock at once (IMMEDIATE), since a deferred one that reads first fails with SQLITE_BUSY when another process wrote in between.
 */
function onOneConnection(client: Client): Client {
  client.transaction = async (): Promise<Transaction> => {
    await client.execute('BEGIN IMMEDIATE');
    let open = true;
    const end = async (statement: 'COMMIT' | 'ROLLBACK') => {
      if (open) {
        open = false;
        await client.execute(statement);
      }
    };
    return {
      execute: (statement) => client.execute(statement),
      batch: (statements) => Promise.all(statements.map((statement) => client.execute(statement))),
      executeMultiple: (sql) => client.executeMultiple(sql),
      commit: () => end('COMMIT'),
      rollback: () => end('ROLLBACK'),
      close: () => void end('ROLLBACK'),
      get closed() {
        return !open;
      },
    };
  };
  return client;
}

/**
 * Prisma's libSQL adapter with one connection and the pragmas above. Before it closes, what is in the log goes into the database file: libSQL lets go of the files only
 * when the connection is collected as garbage, and nothing should be written at that late moment.
 */
export class SqliteAdapter extends PrismaLibSql {
  constructor(url: string) {
    super({ url, timeout: BUSY_TIMEOUT_MS });
  }

  override createClient(config: Config): Client {
    return onOneConnection(super.createClient(config));
  }

  override async connect(): Promise<SqlDriverAdapter> {
    const adapter = await super.connect();
    await adapter.executeScript(PRAGMAS);
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      // Passive: it waits for nobody.
      await adapter.executeScript('PRAGMA wal_checkpoint(PASSIVE)');
      await dispose();
    };
    return adapter;
  }
}
