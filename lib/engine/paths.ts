import { homedir } from 'node:os';
import { join } from 'node:path';

/** The repository (or package) directory: set by the launchers, else the current directory. */
export function projectRoot(): string {
  return process.env.LOOKTWICE_ROOT ?? process.cwd();
}

/** The bundle directory in use: LOOKTWICE_BUNDLE, else the committed one. */
export function defaultBundleDirectory(): string {
  return process.env.LOOKTWICE_BUNDLE ?? join(projectRoot(), 'models', 'mini');
}

/** Where files live that can be made again: LOOKTWICE_CACHE, else the user's cache directory. */
export function cacheDirectory(): string {
  return process.env.LOOKTWICE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'looktwice');
}
