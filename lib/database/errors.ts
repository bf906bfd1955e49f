import { z } from 'zod';

/** Prisma's errors, by their shape: each bundle of the server may have a copy of Prisma's classes. */
function prismaError(error: unknown): { code: unknown; message: string } | null {
  return error instanceof Error && error.name.startsWith('PrismaClient')
    ? { code: Reflect.get(error, 'code'), message: error.message }
    : null;
}

/** Whether a write failed because a row with its key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return prismaError(error)?.code === 'P2002';
}

/** Whether SQLite said one of these codes; a commit's own error comes from SQLite's client, not through Prisma. */
function isSqlite(error: unknown, codes: RegExp, words: RegExp): boolean {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (typeof code === 'string' && codes.test(code)) {
    return true;
  }
  const message = prismaError(error)?.message ?? '';
  return codes.test(message) || words.test(message);
}

/**
 * Whether PostgreSQL, or the connection to it, said one of these codes; Prisma passes some on and has names of its own
 * for others.
 */
function isPostgresql(error: unknown, codes: RegExp): boolean {
  const cause: unknown = error instanceof Error ? Reflect.get(error, 'meta') : undefined;
  const passedOn = z
    .object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }) })
    .safeParse(cause);
  const own: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const given = passedOn.success ? passedOn.data.driverAdapterError.cause.originalCode : '';
  return codes.test(given) || (typeof own === 'string' && codes.test(own));
}

/** Whether a write failed because the disk is full. */
export function isDatabaseFull(error: unknown): boolean {
  return isSqlite(error, /SQLITE_FULL/, /database or disk is full/i) || isPostgresql(error, /^53100$/);
}

/**
 * No connection, ending or starting, read-only, damaged, its disk failing, too many connections, or a lock that nobody
 * lets go of.
 */
const POSTGRESQL_UNUSABLE = /^(P1001|P1002|P1017|08\w{3}|57P0\d|25006|58030|XX00[12]|53300|55P03)$/;

/** Whether the database cannot be used as it is: read-only, damaged, gone, or not answering. */
export function isDatabaseUnusable(error: unknown): boolean {
  return (
    isPostgresql(error, POSTGRESQL_UNUSABLE) ||
    // The driver's own words for a connection that broke while it waited for an answer, without a code.
    (error instanceof Error && error.message === 'Connection terminated unexpectedly') ||
    isSqlite(
      error,
      /SQLITE_(READONLY|CORRUPT|NOTADB|IOERR|CANTOPEN)/,
      /attempt to write a readonly database|database disk image is malformed|file is not a database|disk i\/o error|unable to open database file/i,
    )
  );
}
