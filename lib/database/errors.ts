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

/** Whether a write failed because the disk is full. */
export function isDatabaseFull(error: unknown): boolean {
  return isSqlite(error, /SQLITE_FULL/, /database or disk is full/i);
}

/** Whether the database cannot be used as it is: read-only, damaged, gone, or not answering. */
export function isDatabaseUnusable(error: unknown): boolean {
  return isSqlite(
    error,
    /SQLITE_(READONLY|CORRUPT|NOTADB|IOERR|CANTOPEN)/,
    /attempt to write a readonly database|database disk image is malformed|file is not a database|disk i\/o error|unable to open database file/i,
  );
}
