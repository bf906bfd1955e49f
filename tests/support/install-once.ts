import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs of others that tests run against lie, beside what the training command fetches. */
export const testCache = (): string => join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'looktwice');

const marker = (folder: string) => join(folder, 'installed');

export const isInstalled = (folder: string): boolean => existsSync(marker(folder));

/**
 * Fills a folder that was not filled yet. What was cut short is made again: the marker is written last and moved into
 * place.
 */
export async function installOnce(folder: string, install: (folder: string) => Promise<void>): Promise<void> {
  if (isInstalled(folder)) {
    return;
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await install(folder);
  await writeFile(`${marker(folder)}.part`, '');
  await rename(`${marker(folder)}.part`, marker(folder));
}
