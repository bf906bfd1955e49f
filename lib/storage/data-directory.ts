import { join, resolve } from 'node:path';
import { projectRoot } from '../common/paths';
import { setting } from '../env';

/**
 * Where everything that users own lives: the database, the image files, the caches. `LOOKTWICE_DATA`, else `data/` of
 * the project.
 */
export function dataDirectory(): string {
  const configured = setting('LOOKTWICE_DATA');
  return configured === undefined ? join(projectRoot(), 'data') : resolve(configured);
}

/** The SQLite file of a data directory. */
export function databasePath(directory: string = dataDirectory()): string {
  return join(directory, 'looktwice.db');
}

/** A SQLite file as the URL that libSQL takes: characters that mean something in a URL are escaped. */
export function fileUrl(path: string): string {
  return `file:${path.replace(/[%?#]/g, encodeURIComponent)}`;
}

/** The path in such a URL. */
export function filePath(url: string): string {
  return decodeURIComponent(url.replace(/^file:/, ''));
}

/** The SQLite file as the URL that libSQL and Prisma take. */
export function databaseUrl(directory: string = dataDirectory()): string {
  return fileUrl(databasePath(directory));
}

/** Where files wait that nothing refers to, before they are deleted. */
export function quarantineDirectory(directory: string = dataDirectory()): string {
  return join(directory, 'quarantine');
}

/** Where copies of the database lie that were made by themselves. */
export function backupsDirectory(directory: string = dataDirectory()): string {
  return join(directory, 'backups');
}

/** Where the images and anomaly maps of a data directory are. */
export function blobsDirectory(directory: string = dataDirectory()): string {
  return join(directory, 'blobs');
}
