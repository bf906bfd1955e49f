import type { Client, Config, InStatement, ResultSet, Transaction } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { filePath } from '@/lib/storage/data-directory';
import { FileGuard } from './file-guard';

/** How long a statement waits for another process's write lock before it fails, in ms. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * - WAL: readers (a backup, the CLI) never block the writer, and a killed process leaves a file that the next open
 *   repairs.
 * - synchronous = FULL: a commit is on the disk before it is acknowledged, so it survives kill -9 (NORMAL would do for
 *   that) and
 *   also the loss of power (NORMAL would not). It costs an fsync per commit: see docs/decisions/database.md for the
 * measurement.
 */
const PRAGMAS = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
PRAGMA foreign_keys = ON;
`;

/** What changes something, or begins a transaction that does. */
const WRITES = /^\s*(insert|update|delete|replace|begin)\b/i;

async function guarded<Result>(guard: FileGuard, work: () => Promise<Result>): Promise<Result> {
  guard.check();
  return work();
}

/**
 * Makes a libSQL client keep one connection. By itself it opens another one after every transaction, without our
 * pragmas and without closing the last. Sharing one is safe: Prisma's adapter lets nothing else use the client until a
 * transaction has ended. Transactions take the write lock at once (IMMEDIATE), since a deferred one that reads first
 * fails with SQLITE_BUSY when another process wrote in between. Nothing is written into a file that is no longer the
 * one that was opened.
 */
function onOneConnection(client: Client, guard: FileGuard): Client {
  const original: (statement: InStatement) => Promise<ResultSet> = client.execute;
  const execute = original.bind(client);
  client.execute = (statement: InStatement) => {
    const sql = typeof statement === 'string' ? statement : statement.sql;
    return WRITES.test(sql) ? guarded(guard, () => execute(statement)) : execute(statement);
  };
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
      commit: async () => {
        try {
          guard.check();
        } catch (error) {
          await end('ROLLBACK');
          throw error;
        }
        await end('COMMIT');
      },
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
 * Prisma's libSQL adapter with one connection and the pragmas above. Before it closes, what is in the log goes into the
 * database file: libSQL lets go of the files only when the connection is collected as garbage, and nothing should be
 * written at that late moment.
 */
export class SqliteAdapter extends PrismaLibSql {
  private readonly guard: FileGuard;

  /** @param url of the file (`fileUrl`), which is made when it is not there */
  constructor(url: string) {
    super({ url, timeout: BUSY_TIMEOUT_MS });
    this.guard = new FileGuard(filePath(url));
  }

  override createClient(config: Config): Client {
    return onOneConnection(super.createClient(config), this.guard);
  }

  override async connect(): Promise<SqlDriverAdapter> {
    const adapter = await super.connect();
    await adapter.executeScript(PRAGMAS);
    this.guard.remember();
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      // Passive: it waits for nobody.
      await adapter.executeScript('PRAGMA wal_checkpoint(PASSIVE)');
      await dispose();
    };
    return adapter;
  }
}
