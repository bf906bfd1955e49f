import { setting } from '@/lib/env';
import { AppError } from '@/lib/http/app-error';

/**
 * `local`: one owner without a login, served to this machine only. `team`: accounts; needs them to be set up.
 * @throws Error when LOOKTWICE_MODE has another value
 */
export function authMode(): 'local' | 'team' {
  return setting('LOOKTWICE_MODE') ?? 'local';
}

/** @throws AppError not_found in local mode, which has no accounts */
export function requireTeam(): void {
  if (authMode() === 'local') {
    throw new AppError('not_found', 'There are no accounts in local mode: set LOOKTWICE_MODE=team to have them');
  }
}
