import { randomUUID } from 'node:crypto';
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { GET as account } from '@/app/api/account/route';
import { GET as callback } from '@/app/api/auth/callback/oidc/route';
import { POST as start } from '@/app/api/auth/oidc/route';
import { POST as invite } from '@/app/api/invitations/route';
import { PATCH as changeUser } from '@/app/api/users/[id]/route';
import * as contract from '@/lib/auth/contract';
import { database } from '@/lib/database/client';
import { useDataDirectory } from '../support/data-directory';
import { call } from '../support/request';
import { cookiesOf, makePerson, useTeamMode, type Person } from '../support/team';

useDataDirectory();
useTeamMode();

const CALLBACK = 'http://127.0.0.1:3000/api/auth/callback/oidc';
const CLIENT = { id: 'looktwice', secret: 'the secret of the client' };

let provider: ChildProcess;
let admin: Person;

beforeAll(async () => {
  provider = fork('tests/fixtures/oidc/provider.mjs', [CLIENT.id, CLIENT.secret, CALLBACK], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    execArgv: [],
  });
  if (provider.stdout === null) {
    throw new Error('the provider has no output');
  }
  for await (const line of createInterface({ input: provider.stdout })) {
    process.env.LOOKTWICE_OIDC_ISSUER = line;
    break;
  }
  process.env.LOOKTWICE_OIDC_CLIENT_ID = CLIENT.id;
  process.env.LOOKTWICE_OIDC_CLIENT_SECRET = CLIENT.secret;
  admin = await makePerson('admin@example.com', 'admin');
});

afterAll(() => {
  provider.kill();
  for (const name of ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'ROLE']) {
    delete process.env[`LOOKTWICE_OIDC_${name}`];
  }
});

/** Goes through the provider's pages as a browser would, until it sends the browser back to us. */
async function throughProvider(url: string, login: string): Promise<string> {
  let cookie = '';
  let next = url;
  let init: RequestInit = {};
  for (let step = 0; step < 20; step += 1) {
    const response = await fetch(next, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
    cookie = cookiesOf(response, cookie);
    const location = response.headers.get('location');
    if (location !== null) {
      next = new URL(location, next).href;
      init = {};
      if (next.startsWith(CALLBACK)) {
        return next;
      }
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1];
    if (action === undefined || prompt === undefined) {
      throw new Error(`the provider answered ${response.status}: ${page.slice(0, 500)}`);
    }
    next = new URL(action, next).href;
    init = { method: 'POST', body: new URLSearchParams({ prompt, login, password: 'any' }) };
  }
  throw new Error('the provider did not come to an end');
}

type Outcome = { location: string; headers: { cookie: string } };

/** An address for each request: this is not a test of the rate limit. */
const somewhere = () => ({ 'x-forwarded-for': randomUUID() });

async function begin(): Promise<{ url: string; cookie: string }> {
  const started = await call(start, '/api/auth/oidc', { method: 'POST', headers: somewhere() });
  const { url } = contract.redirectSchema.parse(await started.json());
  return { url, cookie: cookiesOf(started) };
}

async function comeBack(back: string, cookie: string): Promise<Outcome> {
  const path = back.slice(new URL(back).origin.length);
  const response = await call(callback, path, { headers: { cookie, ...somewhere() } });
  expect(response.status).toBe(303);
  return { location: response.headers.get('location') ?? '', headers: { cookie: cookiesOf(response, cookie) } };
}

async function signInAs(login: string): Promise<Outcome> {
  const { url, cookie } = await begin();
  return comeBack(await throughProvider(url, login), cookie);
}

async function whoAmI(headers: { cookie: string }): Promise<contract.AccountInfo | number> {
  const response = await call(account, '/api/account', { headers });
  return response.status === 200 ? contract.accountSchema.parse(await response.json()) : response.status;
}

async function inviteAs(email: string, role: contract.Role): Promise<void> {
  const response = await call(invite, '/', { json: { email, role }, headers: admin.headers });
  expect(response.status).toBe(201);
}

test('whom nobody invited is kept out and leaves no account', async () => {
  const { location, headers } = await signInAs('stranger');
  expect(location).toMatch(/^(http:\/\/127\.0\.0\.1:3000)?\/sign-in\?error=/);
  expect(await whoAmI(headers)).toBe(401);
  expect(await database().user.count({ where: { email: 'stranger@example.com' } })).toBe(0);
});

test('an invited person comes in with the role of the invitation, and again later; no token of the provider is kept', async () => {
  await inviteAs('ina@example.com', 'reviewer');
  for (let time = 0; time < 2; time += 1) {
    const { headers } = await signInAs('ina');
    expect(await whoAmI(headers)).toMatchObject({ email: 'ina@example.com', role: 'reviewer' });
  }
  const rows = await database().account.findMany({ where: { user: { email: 'ina@example.com' } } });
  expect(rows.map(({ providerId, accountId }) => [providerId, accountId])).toEqual([['oidc', 'ina']]);
  expect(rows[0]).toMatchObject({ accessToken: null, refreshToken: null, idToken: null, password: null });
  const events = await database().auditEvent.findMany({
    where: { action: 'session.create', actor: { email: 'ina@example.com' } },
  });
  expect(events.map(({ detail }) => detail)).toEqual([{ method: 'oidc' }, { method: 'oidc' }]);
});

test('an address that the provider has not verified opens neither an invitation nor an account', async () => {
  await inviteAs('eve@example.com', 'admin');
  for (const login of ['unverified-eve', 'unverified-admin']) {
    const { headers } = await signInAs(login);
    expect(await whoAmI(headers)).toBe(401);
  }
});

test('a person with a password account reaches the same account', async () => {
  const { headers } = await signInAs('admin');
  expect(await whoAmI(headers)).toMatchObject({ id: admin.userId, role: 'admin' });
});

test('a return without the cookie of the browser that began, or with another state, opens nothing', async () => {
  const first = await begin();
  const back = await throughProvider(first.url, 'ina');
  expect(await whoAmI((await comeBack(back, '')).headers)).toBe(401);
  const second = await begin();
  expect(await whoAmI((await comeBack(back, second.cookie)).headers)).toBe(401);
  const forged = back.replace(/state=[^&]+/, 'state=made-up');
  expect(await whoAmI((await comeBack(forged, first.cookie)).headers)).toBe(401);
});

test('who is disabled does not come in this way either', async () => {
  const user = await database().user.findUniqueOrThrow({ where: { email: 'ina@example.com' } });
  const json = { disabled: true };
  await call(changeUser, '/', { method: 'PATCH', json, params: { id: user.id }, headers: admin.headers });
  expect(await whoAmI((await signInAs('ina')).headers)).toBe(401);
});

test('with LOOKTWICE_OIDC_ROLE everybody whom the provider knows comes in with that role', async () => {
  process.env.LOOKTWICE_OIDC_ROLE = 'viewer';
  const { headers } = await signInAs('colleague');
  expect(await whoAmI(headers)).toMatchObject({ email: 'colleague@example.com', role: 'viewer' });
});
