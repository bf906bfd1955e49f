/** Accounts for benchmarks of a server with accounts. */
import { spawnSync } from 'node:child_process';
import { root } from './server.mjs';

/** The settings of a server with accounts on a port. */
export const teamSettings = (port) => ({
  LOOKTWICE_MODE: 'team',
  LOOKTWICE_SECRET: 'a secret of a benchmark, long enough',
  LOOKTWICE_URL: `http://127.0.0.1:${port}`,
});

/** Makes an account by the command line and signs it in; the headers of its requests. */
export async function signIn({ url, data, settings }, email, role = 'admin') {
  const password = 'correct horse battery';
  const env = { ...process.env, ...settings, LOOKTWICE_DATA: data };
  const args = ['bin/looktwice.mjs', 'users', 'add', email, '--name', email.split('@')[0], '--role', role];
  const added = spawnSync(process.execPath, args, { cwd: root, env, input: `${password}\n`, encoding: 'utf8' });
  if (added.status !== 0) {
    throw new Error(`users add: ${added.stderr}`);
  }
  const response = await fetch(`${url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
  return { cookie: cookies.join('; ') };
}
