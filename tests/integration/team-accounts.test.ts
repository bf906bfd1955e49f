import { GET as account } from '@/app/api/account/route';
import { GET as audit } from '@/app/api/audit/route';
import { POST as changePassword } from '@/app/api/auth/password/route';
import { POST as signIn } from '@/app/api/auth/sign-in/route';
import { POST as signOut } from '@/app/api/auth/sign-out/route';
import { POST as accept } from '@/app/api/invitations/accept/route';
import { DELETE as revoke } from '@/app/api/invitations/[id]/route';
import { POST as look } from '@/app/api/invitations/look/route';
import { GET as invitations, POST as invite } from '@/app/api/invitations/route';
import { DELETE as revokeKey } from '@/app/api/keys/[id]/route';
import { GET as keys, POST as createKey } from '@/app/api/keys/route';
import { PATCH as changeUser } from '@/app/api/users/[id]/route';
import { GET as users } from '@/app/api/users/route';
import { errorBodySchema } from '@/lib/contract';
import * as contract from '@/lib/auth/contract';
import { database } from '@/lib/database/client';
import { limitRate } from '@/lib/http/rate-limit';
import { useDataDirectory } from '../support/data-directory';
import { useFreshRates } from '../support/rates';
import { call } from '../support/request';
import { PASSWORD, cookiesOf, makePerson, useTeamMode, type Person } from '../support/team';

useDataDirectory();
useTeamMode();
useFreshRates();

let admin: Person;
let viewer: Person;

beforeAll(async () => {
  admin = await makePerson('admin@example.com', 'admin');
  viewer = await makePerson('viewer@example.com', 'viewer');
});

async function refusal(response: Response): Promise<[number, string]> {
  return [response.status, errorBodySchema.parse(await response.json()).error.code];
}

async function inviteSomebody(
  email: string,
  role = 'engineer',
  by: Person = admin,
): Promise<{ id: string; token: string }> {
  const response = await call(invite, '/api/invitations', { json: { email, role }, headers: by.headers });
  const { invitation, url } = contract.invitationCreatedSchema.parse(await response.json());
  return { id: invitation.id, token: new URL(url).hash.slice(1) };
}

const whoAmI = async (headers: Record<string, string>) => {
  const response = await call(account, '/api/account', { headers });
  return response.status === 200 ? contract.accountSchema.parse(await response.json()) : response.status;
};

test('a session tells who one is; the cookie is for this server alone and no script reads it', async () => {
  expect(await whoAmI(admin.headers)).toMatchObject({ email: 'admin@example.com', role: 'admin', mode: 'team' });
  expect(await whoAmI({})).toBe(401);
  const response = await call(signIn, '/', { json: { email: viewer.email, password: PASSWORD } });
  const cookie = response.headers.getSetCookie().join('\n');
  expect(cookie).toMatch(/^looktwice\.session_token=[^;]+;.*HttpOnly.*SameSite=Lax/im);
  expect(JSON.stringify(await response.json())).not.toContain('token');
});

test('a cookie with another signature is nobody’s, and the token in the database opens nothing', async () => {
  const session = await database().session.findFirstOrThrow({ where: { userId: admin.userId } });
  for (const cookie of [
    `looktwice.session_token=${session.token}`,
    `looktwice.session_token=${session.token}.${Buffer.alloc(32).toString('base64')}`,
    admin.headers.cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')).replace(/%3D/g, ''),
  ]) {
    expect(await whoAmI({ cookie })).toBe(401);
  }
  expect(await whoAmI({ authorization: `Bearer ${session.token}` })).toBe(401);
});

test('a wrong password and an unknown address get the same answer, and are noted', async () => {
  const wrong = await call(signIn, '/', { json: { email: admin.email, password: 'not the password' } });
  const unknown = await call(signIn, '/', { json: { email: 'nobody@example.com', password: 'not the password' } });
  const strip = async (response: Response) => ({
    ...errorBodySchema.parse(await response.json()).error,
    requestId: '',
  });
  expect([wrong.status, await strip(wrong)]).toEqual([unknown.status, await strip(unknown)]);
  expect(wrong.status).toBe(401);
  expect(wrong.headers.getSetCookie()).toEqual([]);
  const events = await database().auditEvent.findMany({ where: { action: 'session.refuse' } });
  expect(events.map(({ targetId }) => targetId).sort()).toEqual(['admin@example.com', 'nobody@example.com']);
});

describe('guessing at one account', () => {
  const email = 'guessed@example.com';
  let person: Person;
  beforeAll(async () => {
    person = await makePerson(email, 'viewer');
  });
  const tryFrom = async (address: string, password: string, headers: Record<string, string> = {}) =>
    (await call(signIn, '/', { json: { email, password }, headers: { 'x-forwarded-for': address, ...headers } }))
      .status;

  test('stops after ten tries from one network, and keeps nobody else out', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      // One line of a provider has all of these addresses.
      statuses.push(await tryFrom(`2001:db8:0:1::${i}`, `guess ${i}`));
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    expect(await tryFrom('2001:db8:0:1::99', PASSWORD)).toBe(429);
    expect(await tryFrom('2001:db8:0:2::1', PASSWORD)).toBe(200);
  });

  test('from many networks it stops as well, but not for a device that signed in before, not even from theirs', async () => {
    for (let i = 0; i < 100; i += 1) {
      // The counters themselves, since each try costs a hash.
      try {
        limitRate(email, { name: 'sign-in from anywhere', burst: 100, perMinute: 20 });
      } catch {
        break;
      }
    }
    expect(await tryFrom('10.7.7.7', PASSWORD)).toBe(429);
    expect(await tryFrom('2001:db8:0:1::99', PASSWORD, person.headers)).toBe(200);
    const forged = { cookie: person.headers.cookie.replace(/(looktwice-device-[^=]*=)[^;.]*/, '$1another') };
    expect(forged.cookie).not.toBe(person.headers.cookie);
    expect(await tryFrom('10.7.7.8', PASSWORD, forged)).toBe(429);
  });
});

test('an invitation makes one account with its role, once, and only its hash is stored', async () => {
  const { token } = await inviteSomebody('new@example.com', 'reviewer');
  const stored = await database().invitation.findMany();
  expect(JSON.stringify(stored)).not.toContain(token);
  const looked = await call(look, '/', { json: { token } });
  expect(contract.invitationLookedSchema.parse(await looked.json())).toEqual({
    email: 'new@example.com',
    role: 'reviewer',
  });
  const body = { token, name: 'Nora', password: PASSWORD };
  const answers = await Promise.all([1, 2].map(() => call(accept, '/', { json: body })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, expect.any(Number)]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const accepted = answers.find(({ status }) => status === 200) ?? Response.error();
  expect(await whoAmI({ cookie: cookiesOf(accepted) })).toMatchObject({ name: 'Nora', role: 'reviewer' });
  expect(await refusal(await call(look, '/', { json: { token } }))).toEqual([410, 'gone']);
});

test('an invitation that was withdrawn, ran out or was replaced makes no account', async () => {
  const withdrawn = await inviteSomebody('withdrawn@example.com');
  const gone = await call(revoke, '/', { method: 'DELETE', params: { id: withdrawn.id }, headers: admin.headers });
  expect(gone.status).toBe(200);
  const late = await inviteSomebody('late@example.com');
  await database().invitation.update({ where: { id: late.id }, data: { expiresAt: new Date(0) } });
  const replaced = await inviteSomebody('twice@example.com');
  await inviteSomebody('twice@example.com');
  for (const { token } of [withdrawn, late, replaced]) {
    const response = await call(accept, '/', { json: { token, name: 'X', password: PASSWORD } });
    expect(await refusal(response)).toEqual([410, 'gone']);
  }
  const list = await call(invitations, '/', { headers: admin.headers });
  const open = contract.invitationListSchema.parse(await list.json()).invitations;
  expect(open.map(({ email }) => email)).toEqual(['twice@example.com']);
});

test.each([{ disabled: true }, { role: 'engineer' as const }])(
  'an administrator who becomes %j leaves no invitations behind',
  async (json) => {
    const leaving = await makePerson(`leaving-${Object.keys(json).join('')}@example.com`, 'admin');
    const { token } = await inviteSomebody(`back-${leaving.userId}@example.com`.toLowerCase(), 'admin', leaving);
    const kept = await inviteSomebody(`kept-${leaving.userId}@example.com`.toLowerCase());
    const params = { id: leaving.userId };
    const changed = await call(changeUser, '/', { method: 'PATCH', json, params, headers: admin.headers });
    expect(changed.status).toBe(200);
    const response = await call(accept, '/', { json: { token, name: 'X', password: PASSWORD } });
    expect(await refusal(response)).toEqual([410, 'gone']);
    expect((await call(look, '/', { json: { token: kept.token } })).status).toBe(200);
  },
);

test('a short password and an address that has an account are refused', async () => {
  const { token } = await inviteSomebody('short@example.com');
  expect((await call(accept, '/', { json: { token, name: 'X', password: 'short' } })).status).toBe(400);
  const again = await call(invite, '/', { json: { email: viewer.email, role: 'admin' }, headers: admin.headers });
  expect(await refusal(again)).toEqual([409, 'conflict']);
});

test('a role change holds for the sessions there are, and barring ends them and the keys', async () => {
  const person = await makePerson('changing@example.com', 'engineer');
  const made = await call(createKey, '/', { json: { name: 'robot' }, headers: person.headers });
  const { secret } = contract.keyCreatedSchema.parse(await made.json());
  const change = (json: contract.MemberPatch) =>
    call(changeUser, '/', { method: 'PATCH', json, params: { id: person.userId }, headers: admin.headers });
  expect((await change({ role: 'viewer' })).status).toBe(200);
  expect(await whoAmI(person.headers)).toMatchObject({ role: 'viewer' });
  expect(await whoAmI({ authorization: `Bearer ${secret}` })).toMatchObject({ role: 'viewer' });
  expect((await change({ disabled: true })).status).toBe(200);
  expect(await whoAmI(person.headers)).toBe(401);
  expect(await whoAmI({ authorization: `Bearer ${secret}` })).toBe(401);
  const disabled = await call(signIn, '/', { json: { email: person.email, password: PASSWORD } });
  expect([disabled.status, disabled.headers.getSetCookie()]).toEqual([401, []]);
  expect((await change({ disabled: false })).status).toBe(200);
  expect(await whoAmI({ authorization: `Bearer ${secret}` })).toBe(401);
});

test('the last administrator stays one', async () => {
  for (const json of [{ role: 'viewer' }, { disabled: true }]) {
    const response = await call(changeUser, '/', {
      method: 'PATCH',
      json,
      params: { id: admin.userId },
      headers: admin.headers,
    });
    expect(await refusal(response)).toEqual([409, 'conflict']);
  }
  const list = await call(users, '/', { headers: admin.headers });
  const all = contract.memberListSchema.parse(await list.json()).users;
  expect(all.find(({ id }) => id === admin.userId)).toMatchObject({ role: 'admin', disabled: false });
});

test('a key works until it is revoked, reaches neither account nor administration, and only its hash is stored', async () => {
  const made = await call(createKey, '/', { json: { name: 'line 4', days: 30 }, headers: admin.headers });
  const { key, secret } = contract.keyCreatedSchema.parse(await made.json());
  const headers = { authorization: `Bearer ${secret}` };
  expect(JSON.stringify(await database().apiKey.findMany())).not.toContain(secret);
  expect(await whoAmI(headers)).toMatchObject({ email: admin.email });
  for (const [handler, options] of [
    [keys, {}],
    [createKey, { json: { name: 'another' } }],
    [users, {}],
    [audit, {}],
    [changePassword, { json: { current: PASSWORD, password: PASSWORD } }],
  ] as const) {
    expect(await refusal(await call(handler, '/', { ...options, headers }))).toEqual([403, 'forbidden']);
  }
  // A wrong key is nobody, although a good cookie comes with it.
  expect(await whoAmI({ ...admin.headers, authorization: 'Bearer lt_wrong' })).toBe(401);
  const other = await call(revokeKey, '/', { method: 'DELETE', params: { id: key.id }, headers: viewer.headers });
  expect(other.status).toBe(404);
  const gone = await call(revokeKey, '/', { method: 'DELETE', params: { id: key.id }, headers: admin.headers });
  expect(gone.status).toBe(200);
  expect(await whoAmI(headers)).toBe(401);
});

test('a key that ran out does not work', async () => {
  const made = await call(createKey, '/', { json: { name: 'old', days: 1 }, headers: viewer.headers });
  const { key, secret } = contract.keyCreatedSchema.parse(await made.json());
  await database().apiKey.update({ where: { id: key.id }, data: { expiresAt: new Date(0) } });
  expect(await whoAmI({ authorization: `Bearer ${secret}` })).toBe(401);
});

test('a new password ends the other sessions; signing out ends this one, or all', async () => {
  const person = await makePerson('leaving@example.com', 'engineer');
  const session = async (password: string) => ({
    cookie: cookiesOf(await call(signIn, '/', { json: { email: person.email, password } })),
  });
  const other = await session(PASSWORD);
  const wrong = { current: 'not the password', password: 'a new long password' };
  expect((await call(changePassword, '/', { json: wrong, headers: person.headers })).status).toBe(400);
  expect(await whoAmI(other)).toMatchObject({ email: person.email });
  const changed = await call(changePassword, '/', {
    json: { ...wrong, current: PASSWORD },
    headers: person.headers,
  });
  expect(changed.status).toBe(200);
  const mine = { cookie: cookiesOf(changed, person.headers.cookie) };
  expect(await whoAmI(mine)).toMatchObject({ email: person.email });
  expect(await whoAmI(other)).toBe(401);
  expect((await call(signIn, '/', { json: { email: person.email, password: PASSWORD } })).status).toBe(401);
  const third = await session(wrong.password);
  expect((await call(signOut, '/', { json: {}, headers: mine })).status).toBe(200);
  expect([await whoAmI(mine), await whoAmI(third)]).toEqual([401, expect.anything()]);
  const fourth = await session(wrong.password);
  expect((await call(signOut, '/', { json: { everywhere: true }, headers: fourth })).status).toBe(200);
  expect([await whoAmI(third), await whoAmI(fourth)]).toEqual([401, 401]);
});

test('the audit log has sign-ins, roles, keys and invitations, pages through them, and is the administrators’', async () => {
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await call(audit, `/?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`, { headers: admin.headers });
    const { events, nextCursor } = contract.auditListSchema.parse(await page.json());
    seen.push(...events.map(({ id, action }) => `${id} ${action}`));
    cursor = nextCursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe(await database().auditEvent.count());
  const actions = new Set(seen.map((line) => line.split(' ')[1]));
  for (const action of [
    ...['session.create', 'session.refuse', 'session.end', 'password.change', 'role.change', 'user.create'],
    ...['user.disable', 'key.create', 'key.revoke', 'invitation.create', 'invitation.revoke'],
  ]) {
    expect([action, actions.has(action)]).toEqual([action, true]);
  }
  const only = await call(audit, '/?action=key', { headers: admin.headers });
  const { events } = contract.auditListSchema.parse(await only.json());
  expect(new Set(events.map(({ action }) => action.split('.')[0]))).toEqual(new Set(['key']));
  expect((await call(audit, '/', { headers: viewer.headers })).status).toBe(403);
});
