import { environment, setting, type Environment } from './index';
import { settings, type SettingName } from './settings';

const names = Object.keys(settings) as SettingName[];

/**
 * Everything that is wrong with the settings of an environment, one sentence each: values that do not parse, and
 * names that begin with LOOKTWICE_ and are none, which are mostly typing errors.
 */
export function settingProblems(env: Environment = environment()): string[] {
  const wrong = names.flatMap((name) => {
    try {
      setting(name, env);
      return [];
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
  });
  const unknown = Object.keys(env).filter((name) => name.startsWith('LOOKTWICE_') && !Object.hasOwn(settings, name));
  return [...wrong, ...unknown.map((name) => `${name} is not a setting: see the table in ARCHITECTURE.md`)];
}

/** Ends the process with the list of problems when a setting is wrong, before anything is loaded or written. */
export function refuseWrongSettings(): void {
  const problems = settingProblems();
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}\n`);
    process.exit(1);
  }
}
