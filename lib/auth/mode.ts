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
