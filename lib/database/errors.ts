import { Prisma } from './generated/client';

/** Whether a write failed because a row with its key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

/** Whether a write failed because the disk is full; a commit's own error comes from SQLite's client, not through Prisma. */
export function isDatabaseFull(error: unknown): boolean {
  return (
    (error instanceof Error && Reflect.get(error, 'code') === 'SQLITE_FULL') ||
    ((error instanceof Prisma.PrismaClientKnownRequestError ||
      error instanceof Prisma.PrismaClientUnknownRequestError) &&
      /SQLITE_FULL|database or disk is full/i.test(error.message))
  );
}
