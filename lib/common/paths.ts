import { homedir } from 'node:os';
import { join } from 'node:path';
import { setting } from '../env';

/** The repository (or package) directory: set by the launchers, else the current directory. */
export function projectRoot(): string {
  return setting('LOOKTWICE_ROOT') ?? process.cwd();
}

/** The bundle directory in use: LOOKTWICE_BUNDLE, else the committed one. */
export function defaultBundleDirectory(): string {
  return setting('LOOKTWICE_BUNDLE') ?? join(projectRoot(), 'models', 'mini');
}

/** Where files live that can be made again: LOOKTWICE_CACHE, else the user's cache directory. */
export function cacheDirectory(): string {
  return setting('LOOKTWICE_CACHE') ?? join(setting('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'looktwice');
}
