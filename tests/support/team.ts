import { POST as signIn } from '@/app/api/auth/sign-in/route';
import type { Role } from '@/lib/auth/contract';
import { createAccount } from '@/lib/auth/create-account';
import { call } from './request';

export const PASSWORD = 'correct horse battery';

/** Puts the tests of a file into team mode. */
export function useTeamMode(settings: Record<string, string> = {}): void {
  const env: Record<string, string> = {
    LOOKTWICE_MODE: 'team',
    LOOKTWICE_URL: 'http://127.0.0.1:3000',
    LOOKTWICE_SECRET: 'a secret of a test that is long enough',
    ...settings,
  };
  beforeAll(() => Object.assign(process.env, env));
  afterAll(() => {
    for (const name of Object.keys(env)) {
      delete process.env[name];
    }
  });
}

/** The Cookie header that a browser sends after an answer. */
export function cookiesOf(response: Response, before = ''): string {
  const jar = new Map(
    before === '' ? [] : before.split('; ').map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  for (const line of response.headers.getSetCookie()) {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
    if (/max-age=0/i.test(line)) {
      jar.delete(name);
    } else {
      jar.set(name, value);
    }
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

export type Person = { userId: string; email: string; headers: { cookie: string } };

/** Makes an account and signs it in through the route. */
export async function makePerson(email: string, role: Role): Promise<Person> {
  const userId = await createAccount({ email, name: email.split('@')[0] ?? email, role, password: PASSWORD }, {});
  const response = await call(signIn, '/api/auth/sign-in', {
    json: { email, password: PASSWORD },
    headers: { 'x-forwarded-for': email },
  });
  if (response.status !== 200) {
    throw new Error(`${email} cannot sign in: ${await response.text()}`);
  }
  return { userId, email, headers: { cookie: cookiesOf(response) } };
}
