import { resolve } from 'node:path';

/** The local user, with the database up to date and closed at the end. */
export async function withOwner<T>(work: (owner: { userId: string }) => Promise<T>): Promise<T> {
  const { applyMigrations, readMigrations } = await import('@/lib/database/migrations');
  const { projectRoot } = await import('@/lib/common/paths');
  const { dataDirectory } = await import('@/lib/storage/data-directory');
  const { ensureLocalUser, LOCAL_USER_ID } = await import('@/lib/database/users');
  const { closeDatabase } = await import('@/lib/database/client');
  await applyMigrations(dataDirectory(), readMigrations(resolve(projectRoot(), 'prisma', 'migrations')));
  try {
    await ensureLocalUser();
    return await work({ userId: LOCAL_USER_ID });
  } finally {
    await closeDatabase();
  }
}
