import { GET as account } from '@/app/api/account/route';
import { POST as changePassword } from '@/app/api/auth/password/route';
import { POST as signIn } from '@/app/api/auth/sign-in/route';
import { POST as signOut } from '@/app/api/auth/sign-out/route';
import { DELETE as end } from '@/app/api/sessions/[id]/route';
import { GET as list } from '@/app/api/sessions/route';
import { sessionListSchema, type SessionInfo } from '@/lib/auth/contract';
import { knownDevice } from '@/lib/auth/known-device';
import { database } from '@/lib/database/client';
import { useDataDirectory } from '../support/data-directory';
import { useFreshRates } from '../support/rates';
import { call } from '../support/request';
import { PASSWORD, cookiesOf, makePerson, useTeamMode, type Person } from '../support/team';

useDataDirectory();
useTeamMode();
useFreshRates();

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const OLD = 'a secret of a test that is long enough';
const NEW = 'another secret of a test, long enough';

let person: Person;
beforeAll(async () => {
  person = await makePerson('owner@example.com', 'viewer');
});
afterEach(() => {
  process.env.LOOKTWICE_SECRET = OLD;
  delete process.env.LOOKTWICE_SECRET_OLD;
});

async function signInFrom(userAgent: string, email = person.email): Promise<{ cookie: string }> {
  const headers = { 'user-agent': userAgent };
  return { cookie: cookiesOf(await call(signIn, '/', { json: { email, password: PASSWORD }, headers })) };
}

const sessionsOf = async (headers: Record<string, string>): Promise<SessionInfo[]> =>
  sessionListSchema.parse(await (await call(list, '/api/sessions', { headers })).json()).sessions;

const statusOf = async (headers: Record<string, string>) => (await call(account, '/api/account', { headers })).status;

const endOf = async (id: string, headers: Record<string, string>) =>
  (await call(end, `/api/sessions/${id}`, { method: 'DELETE', params: { id }, headers })).status;

test('everybody sees their own sessions with device and last use, and signs one out, which works at once', async () => {
  const phone = await signInFrom(
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
  );
  const laptop = await signInFrom(FIREFOX);
  const seen = await sessionsOf(laptop);
  expect(seen.map(({ device, current }) => [device, current])).toEqual(
    expect.arrayContaining([
      ['Firefox on Linux', true],
      ['Safari on iPhone', false],
    ]),
  );
  expect(JSON.stringify(seen)).not.toContain('token');
  const lost = seen.find(({ device }) => device === 'Safari on iPhone');
  expect(await endOf(lost?.id ?? '', laptop)).toBe(200);
  expect([await statusOf(phone), await statusOf(laptop)]).toEqual([401, 200]);
  expect(await endOf(lost?.id ?? '', laptop)).toBe(404);
  const event = await database().auditEvent.findFirst({ where: { action: 'session.end' } });
  expect(event?.detail).toEqual({ device: 'Safari on iPhone' });
});

test('another’s session is not there, and what has run out is not shown', async () => {
  const other = await makePerson('other@example.com', 'admin');
  const [mine] = await sessionsOf(person.headers);
  expect(await endOf(mine?.id ?? '', other.headers)).toBe(404);
  expect(await statusOf(person.headers)).toBe(200);
  const before = await sessionsOf(person.headers);
  await database().session.create({
    data: { id: 'ended', userId: person.userId, token: 'ended', expiresAt: new Date(Date.now() - 1000) },
  });
  expect(await sessionsOf(person.headers)).toHaveLength(before.length);
});

test('the last use is noted, to a few minutes', async () => {
  const laptop = await signInFrom(FIREFOX);
  const current = (sessions: SessionInfo[]) => sessions.find((session) => session.current);
  const { id = '' } = current(await sessionsOf(laptop)) ?? {};
  const yesterday = new Date(Date.now() - 24 * 60 * 60_000);
  await database().session.update({ where: { id }, data: { updatedAt: yesterday } });
  const from = Date.now();
  await statusOf(laptop);
  expect(new Date(current(await sessionsOf(laptop))?.lastUsedAt ?? 0).getTime()).toBeGreaterThanOrEqual(from);
});

test('a new secret signs nobody out while the old one is named, and everybody once it is not', async () => {
  const laptop = await signInFrom(FIREFOX);
  const device = new Headers(laptop);
  expect(knownDevice(device, person.email)).not.toBeNull();
  Object.assign(process.env, { LOOKTWICE_SECRET: NEW, LOOKTWICE_SECRET_OLD: OLD });
  expect(await statusOf(laptop)).toBe(200);
  expect((await sessionsOf(laptop)).some(({ current }) => current)).toBe(true);
  expect(knownDevice(device, person.email)).not.toBeNull();
  // What is signed from now on needs the new one alone.
  const later = await signInFrom(FIREFOX);
  delete process.env.LOOKTWICE_SECRET_OLD;
  expect([await statusOf(laptop), await statusOf(later)]).toEqual([401, 200]);
  expect(knownDevice(device, person.email)).toBeNull();
});

test('the old secret opens nothing that it did not sign, and lets passwords be changed and people sign out', async () => {
  const before = await signInFrom(FIREFOX);
  const leaving = await signInFrom('curl/8.5.0');
  Object.assign(process.env, {
    LOOKTWICE_SECRET: NEW,
    LOOKTWICE_SECRET_OLD: 'a third secret that signed nothing at all',
  });
  expect(await statusOf(before)).toBe(401);
  process.env.LOOKTWICE_SECRET_OLD = OLD;
  for (const cookie of [
    before.cookie.replace(/(session_token=[^.]{5})./, '$1_'),
    'looktwice.session_token=%',
    'looktwice.session_token=.',
    'looktwice.session_token=a.b',
  ]) {
    expect([cookie, await statusOf({ cookie })]).toEqual([cookie, 401]);
  }
  expect((await call(signOut, '/', { json: {}, headers: leaving })).status).toBe(200);
  expect(await statusOf(leaving)).toBe(401);
  const json = { current: PASSWORD, password: 'a new correct horse battery' };
  const changed = await call(changePassword, '/', { json, headers: before });
  expect(changed.status).toBe(200);
  expect(await statusOf({ cookie: cookiesOf(changed, before.cookie) })).toBe(200);
});
