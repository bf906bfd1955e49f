import type {
  IsolationLevel,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  Transaction,
} from '@prisma/driver-adapter-utils';

/** Connections of one process. Readers use them beside each other; one writes. */
const CONNECTIONS = 10;
/**
 * How long a statement waits for the writer before it fails: as long as with SQLite (lib/database/client.ts), in ms.
 */
const LOCK_TIMEOUT_MS = 30_000;
/** A process that stops in the middle of a transaction is cut off after so long, so that others get on. */
const IDLE_TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Names of the locks that this product takes in a database: one writer, one migration, one server. */
export const LOCKS = { write: 5_230_001, migrate: 5_230_002, serve: 5_230_003 } as const;

const WRITES = /^\s*(insert|update|delete)\b/i;

const statement = (sql: string): SqlQuery => ({ sql, args: [], argTypes: [] });

/** PostgreSQL's text has no NUL; the sign that Unicode has for what cannot be shown stands for it. */
function withoutNul(query: SqlQuery): SqlQuery {
  return query.args.some((value) => typeof value === 'string' && value.includes('\0'))
    ? {
        ...query,
        args: query.args.map((value) => (typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value)),
      }
    : query;
}

function cleaned<Queryable extends Pick<SqlDriverAdapter, 'queryRaw' | 'executeRaw'>>(queryable: Queryable): Queryable {
  const queryRaw = queryable.queryRaw.bind(queryable);
  const executeRaw = queryable.executeRaw.bind(queryable);
  queryable.queryRaw = (query) => queryRaw(withoutNul(query));
  queryable.executeRaw = (query) => executeRaw(withoutNul(query));
  return queryable;
}

/**
 * Several statements that are given at once go one after the other: a connection has one at a time, and its driver is
 * to lose its queue.
 */
function inTurn(transaction: Transaction): Transaction {
  let last: Promise<unknown> = Promise.resolve();
  const after = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  const queryRaw = transaction.queryRaw.bind(transaction);
  const executeRaw = transaction.executeRaw.bind(transaction);
  transaction.queryRaw = (query) => after(() => queryRaw(query));
  transaction.executeRaw = (query) => after(() => executeRaw(query));
  return transaction;
}

/** Those who write queue here, so that all but one leave the connections to those who read. */
class Turns {
  private last: Promise<void> = Promise.resolve();

  /** Waits for its turn. @returns what ends it */
  async take(): Promise<() => void> {
    let end: () => void = () => undefined;
    const before = this.last;
    this.last = new Promise((done) => (end = done));
    await before;
    return end;
  }
}

/** Begins a transaction that no other process writes beside. */
async function beginAlone(start: () => Promise<Transaction>, end: () => void): Promise<Transaction> {
  let transaction: Transaction | undefined;
  try {
    transaction = inTurn(cleaned(await start()));
    // The lock ends with the transaction. A statement that comes after it sees all that was committed before.
    await transaction.executeRaw(statement(`SELECT pg_advisory_xact_lock(${LOCKS.write})`));
  } catch (error) {
    await transaction?.executeRaw(statement('ROLLBACK')).catch(() => undefined);
    await transaction?.rollback();
    end();
    throw error;
  }
  const [commit, rollback] = [transaction.commit.bind(transaction), transaction.rollback.bind(transaction)];
  transaction.commit = () => commit().finally(end);
  transaction.rollback = () => rollback().finally(end);
  return transaction;
}

/**
 * One writer at a time, in all processes, as SQLite has it: what a transaction has read stays so until it ends, which
 * is what lib/database is written for. Readers wait for nobody. See docs/decisions/postgresql.md.
 */
function withOneWriter(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const turns = new Turns();
  const start = adapter.startTransaction.bind(adapter);
  const queryRaw = adapter.queryRaw.bind(adapter);
  const executeRaw = adapter.executeRaw.bind(adapter);
  const begin = async (isolationLevel?: IsolationLevel): Promise<Transaction> =>
    beginAlone(() => start(isolationLevel), await turns.take());
  const alone = async <Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> => {
    const transaction = await begin();
    try {
      const result = await work(transaction);
      await transaction.executeRaw(statement('COMMIT'));
      await transaction.commit();
      return result;
    } catch (error) {
      // Its connection may be gone.
      await transaction.executeRaw(statement('ROLLBACK')).catch(() => undefined);
      await transaction.rollback();
      throw error;
    }
  };
  adapter.startTransaction = begin;
  adapter.queryRaw = (query) => (WRITES.test(query.sql) ? alone((one) => one.queryRaw(query)) : queryRaw(query));
  adapter.executeRaw = (query) => (WRITES.test(query.sql) ? alone((one) => one.executeRaw(query)) : executeRaw(query));
  return adapter;
}

type Options = {
  /** A transaction reads for as long as it takes and takes no lock: for a copy of everything as of one moment. */
  snapshot?: boolean;
};

/**
 * Prisma's adapter for PostgreSQL with one writer. It is loaded when it first connects, so that SQLite alone does not
 * pay for it.
 */
export class PostgresqlAdapter implements SqlDriverAdapterFactory {
  readonly provider = 'postgres';
  readonly adapterName = '@prisma/adapter-pg';

  constructor(
    private readonly url: string,
    private readonly options: Options = {},
  ) {}

  async connect(): Promise<SqlDriverAdapter> {
    const { PrismaPg } = await import('@prisma/adapter-pg');
    const adapter = await new PrismaPg({
      connectionString: this.url,
      max: CONNECTIONS,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'looktwice',
      ...(this.options.snapshot !== true && {
        lock_timeout: LOCK_TIMEOUT_MS,
        idle_in_transaction_session_timeout: IDLE_TIMEOUT_MS,
      }),
    }).connect();
    return this.options.snapshot === true ? cleaned(adapter) : withOneWriter(cleaned(adapter));
  }
}
