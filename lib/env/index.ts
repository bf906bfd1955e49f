import { settings, type SettingName, type SettingValue } from './settings';

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process; read at each call, since tests and launchers change it. */
export function environment(): Environment {
  return process.env;
}

/** The environment for a child process or thread: this process's own, with `changes`. */
export function childEnvironment(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}

/**
 * The parsed value of a setting; undefined where it is not set or empty.
 * @throws Error naming the setting and what to do; never with the value, which may be a secret
 */
export function setting<Name extends SettingName>(
  name: Name,
  env: Environment = environment(),
): SettingValue<Name> | undefined {
  const value = env[name];
  if (value === undefined || value === '') {
    return undefined;
  }
  const result = settings[name].schema.safeParse(value);
  if (!result.success) {
    throw new Error(`${name} ${result.error.issues[0]?.message ?? 'is wrong'}`);
  }
  return result.data as SettingValue<Name>;
}
