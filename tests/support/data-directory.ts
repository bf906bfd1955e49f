import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageChecker } from '@/lib/vision/checker/pool';
import { closeDatabase } from '@/lib/database/client';
import { applyMigrations, readMigrations } from '@/lib/database/migrations';
import { freshDatabase } from './postgresql';

export const migrationsDirectory = join(process.cwd(), 'prisma/migrations');

/**
 * Gives the tests of a file a data directory of their own, with the database of today; under the jest project
 * `postgresql` one of the server there.
 */
export function useDataDirectory(): { path: () => string } {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'looktwice-data-'));
    process.env.LOOKTWICE_DATA = directory;
    const url = await freshDatabase();
    if (url === undefined) {
      await applyMigrations(directory, readMigrations(migrationsDirectory));
    } else {
      process.env.DATABASE_URL = url;
    }
  });
  afterAll(async () => {
    imageChecker().close();
    await closeDatabase();
    delete process.env.LOOKTWICE_DATA;
    delete process.env.DATABASE_URL;
    await rm(directory, { recursive: true, force: true });
  });
  return { path: () => directory };
}
