import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { errorBodySchema } from '@/lib/contract';
import { permissions, type Permission } from '@/lib/auth/permissions';
import { roles, type Role } from '@/lib/auth/contract';
import { doorErrorSchema } from '@/lib/openai-door/contract';
import { useDataDirectory } from '../../support/data-directory';
import { call } from '../../support/request';
import { appFiles, loadRoutes, paramsOf, type LoadedRoute } from '../../support/routes';
import { makePerson, useTeamMode, type Person } from '../../support/team';

useDataDirectory();

/**
 * Routes that need no account. They show nothing of anybody's, or ask for a secret themselves. A new one has to be
 * argued for here.
 */
const PUBLIC: Record<string, string> = {
  'GET /healthz': 'says that the process answers',
  'GET /metrics': 'asks for the token of the environment, or for this machine where there are no accounts',
  'GET /readyz': 'says whether questions can be answered',
  ...Object.fromEntries(
    ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => [
      `${method} /api/[...path]`,
      'says that there is no such address',
    ]),
  ),
  'GET /api/openapi.json': 'describes the routes, which the repository does as well',
  'POST /api/auth/sign-in': 'asks for a password',
  'POST /api/auth/oidc': 'sends the browser to the identity provider',
  'GET /api/auth/callback/oidc': 'asks for the state and code of a sign-in that this browser began',
  'POST /api/invitations/look': 'asks for the token of an invitation',
  'POST /api/invitations/accept': 'asks for the token of an invitation',
  'GET /api/shared/[token]/images/[id]': 'asks for the token of a link, and its password',
  'GET /api/shared/[token]/picture': 'asks for the token of a link without a password',
  'GET /api/shared/[token]/report': 'asks for the token of a link, and its password',
  'POST /api/shared/[token]/unlock': 'asks for the token of a link and its password',
};

/** What each role may do, written out once more, so that a slip in lib/auth/permissions fails here. */
const MATRIX: Record<Role, readonly Permission[]> = {
  admin: ['read', 'chat', 'write', 'review', 'curate', 'share', 'account', 'administer'],
  engineer: ['read', 'chat', 'write', 'review', 'curate', 'share', 'account'],
  reviewer: ['read', 'chat', 'write', 'review', 'account'],
  viewer: ['read', 'account'],
};

const isWrite = (method: string) => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/**
 * Calls a route with ids that are nobody's and a body that none understands: what is left is the answer of the access
 * check, or a 4xx of the route.
 */
async function answer(route: LoadedRoute, sent: Record<string, string>): Promise<[number, string]> {
  // Each from an address of its own, else the limit of refused requests answers first.
  const headers = { 'x-forwarded-for': randomUUID(), ...sent };
  const response = await call(route.handler, route.path, {
    method: route.method,
    params: Object.fromEntries(paramsOf(route.path).map((name) => [name, 'x'])),
    headers,
    ...(isWrite(route.method) && { body: 'no JSON' }),
  });
  const body = response.headers.get('content-type')?.startsWith('application/json') ? await response.json() : null;
  await response.body?.cancel().catch(() => undefined);
  const parsed = errorBodySchema.safeParse(body);
  return [response.status, parsed.success ? parsed.data.error.code : openAiCode(body)];
}

/** The code of a refusal below /v1, where some have the names that clients of OpenAI's API know. */
function openAiCode(body: unknown): string {
  const parsed = doorErrorSchema.safeParse(body);
  const code = parsed.success ? parsed.data.error.code : '';
  return { invalid_api_key: 'unauthorized', rate_limit_exceeded: 'too_many_requests' }[code] ?? code;
}

test('every handler was made by `route` with a permission, and the public ones are the known ones', async () => {
  const routes = await loadRoutes();
  expect(routes.length).toBeGreaterThan(20);
  for (const { name, handler } of routes) {
    expect([name, permissions.includes(handler.access)]).toEqual([name, true]);
    expect([name, handler.access === 'public']).toEqual([name, name in PUBLIC]);
  }
});

test('no route that changes something is content with the right to read', async () => {
  for (const { name, method, handler } of await loadRoutes()) {
    expect([name, isWrite(method) && handler.access === 'read']).toEqual([name, false]);
  }
});

test.each(appFiles('route'))('%s is thin', (file) => {
  expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThanOrEqual(80);
});

test.each([
  ['a name that was made to point here', { host: 'evil.example:3000' }],
  ['another machine’s address', { host: '192.168.1.20:3000' }],
  ['a name that only begins like ours', { host: 'localhost.evil.example' }],
])('in local mode, a request to %s is refused by every route that is not public', async (_what, headers) => {
  for (const route of await loadRoutes()) {
    if (route.handler.access !== 'public') {
      expect([route.name, ...(await answer(route, headers))]).toEqual([route.name, 403, 'forbidden']);
    }
  }
});

test.each([
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site' }],
  [{ origin: 'https://evil.example' }],
  [{ origin: 'null' }],
  [{ origin: 'http://127.0.0.1:4000' }],
])('a write with %j is refused by every route', async (headers) => {
  for (const route of await loadRoutes()) {
    if (isWrite(route.method)) {
      const got = await answer(route, headers);
      expect([route.name, ...got]).toEqual([route.name, 403, 'cross_origin']);
    }
  }
});

test('an address that keeps coming without a key is told to wait', async () => {
  const [route] = (await loadRoutes()).filter(({ name }) => name === 'GET /api/status');
  if (route === undefined) {
    throw new Error('GET /api/status is gone');
  }
  process.env.LOOKTWICE_MODE = 'team';
  try {
    const codes = new Set<string>();
    for (let i = 0; i < 250; i += 1) {
      codes.add((await answer(route, { authorization: `Bearer lt_${i}`, 'x-forwarded-for': '10.9.9.9' }))[1]);
    }
    expect([...codes]).toEqual(['unauthorized', 'too_many_requests']);
  } finally {
    delete process.env.LOOKTWICE_MODE;
  }
});

describe('in team mode', () => {
  useTeamMode();
  const people = new Map<Role, Person>();
  beforeAll(async () => {
    for (const role of roles) {
      people.set(role, await makePerson(`${role}@example.com`, role));
    }
  });

  test.each([
    ['nobody', {}],
    ['a wrong key', { authorization: 'Bearer lt_wrong' }],
    ['a key of another scheme', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
    ['a made-up session', { cookie: 'looktwice.session_token=made.up' }],
  ])('%s gets into no route that is not public', async (_who, headers) => {
    for (const route of await loadRoutes()) {
      if (route.handler.access !== 'public') {
        const got = await answer(route, headers);
        expect([route.name, ...got]).toEqual([route.name, 401, 'unauthorized']);
      }
    }
  });

  test.each(roles)('as %s, each route answers as the table of roles says', async (role) => {
    const headers = people.get(role)?.headers ?? {};
    for (const route of await loadRoutes()) {
      const { access } = route.handler;
      const [status, code] = await answer(route, headers);
      const allowed = access === 'public' || MATRIX[role].includes(access);
      expect([route.name, code === 'forbidden']).toEqual([route.name, !allowed]);
      if (allowed && access !== 'public') {
        expect([route.name, status === 401 || status >= 500]).toEqual([route.name, false]);
      }
    }
  });
});
