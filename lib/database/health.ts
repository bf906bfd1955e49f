import { database } from './client';

/** Throws when the database cannot be written: missing, not migrated, read-only, or the disk full. */
export async function checkWritable(): Promise<void> {
  await database().$transaction(async (tx) => {
    // Takes the write lock and touches a real table, but changes nothing.
    await tx.user.updateMany({ where: { id: '' }, data: { name: '' } });
  });
}
