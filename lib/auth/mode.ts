import { AppError } from '@/lib/http/app-error';

/**
 * `local`: one owner without a login, served to this machine only. `team`: accounts; needs them to be set up.
 * @throws Error when LOOKTWICE_MODE has another value
 */
export function authMode(): 'local' | 'team' {
  const mode = process.env.LOOKTWICE_MODE ?? 'local';
  if (mode !== 'local' && mode !== 'team') {
    throw new Error(`LOOKTWICE_MODE must be local or team, not "${mode}"`);
  }
  return mode;
}

/** @throws AppError not_found in local mode, which has no accounts */
export function requireTeam(): void {
  if (authMode() === 'local') {
    throw new AppError('not_found', 'There are no accounts in local mode: set LOOKTWICE_MODE=team to have them');
  }
}
