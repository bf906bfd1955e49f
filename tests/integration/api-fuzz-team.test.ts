import fc from 'fast-check';
import { z } from 'zod';
import { POST as signIn } from '@/app/api/auth/sign-in/route';
import { errorBodySchema } from '@/lib/contract';
import { doorErrorSchema } from '@/lib/openai-door/contract';
import { useDataDirectory } from '../support/data-directory';
import { call } from '../support/request';
import { loadRoutes, paramsOf, type LoadedRoute } from '../support/routes';
import { PASSWORD, cookiesOf, makePerson, useTeamMode } from '../support/team';

useDataDirectory();
useTeamMode();

const RUNS = process.env.LOOKTWICE_FULL_TESTS ? 150 : 20;
let admin: { cookie: string };

beforeAll(async () => {
  ({ headers: admin } = await makePerson('admin@example.com', 'admin'));
});

/** Routes that succeed with almost any body, and so end the session that this test needs. */
const ENDS_THE_SESSION = new Set(['POST /api/auth/sign-out']);

const odd = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('../../etc/passwd', '%00', 'x'.repeat(5_000), '\u202e', '"><script>', "' OR 1=1 --", '__proto__'),
);
const fields = fc.constantFrom(
  ...['email', 'password', 'current', 'token', 'name', 'role', 'disabled', 'days', 'everywhere'],
  ...['id', 'title', 'message', 'parts', 'imageId', 'verdict', 'revision', 'itemId', '__proto__', 'constructor'],
);
const value = fc.oneof(fc.jsonValue(), odd, fc.constantFrom('admin', 'a@example.com', 1e308, -1, null, true));
const body = fc.oneof(
  fc.tuple(
    fc.constant('application/json'),
    fc.dictionary(fields, value).map((object) => JSON.stringify(object)),
  ),
  fc.tuple(
    fc.constant('application/json'),
    fc.jsonValue().map((json) => JSON.stringify(json)),
  ),
  fc.tuple(fc.constant('application/json'), fc.string()),
  fc.tuple(
    odd.filter((type) => /^[\x20-\x7e]*$/.test(type)),
    fc.uint8Array({ maxLength: 400 }),
  ),
  fc.tuple(fc.constant('multipart/form-data; boundary=x'), fc.constantFrom('--x', '--x\r\n\r\n--x--', '')),
);
const query = fc.dictionary(fc.constantFrom('cursor', 'limit', 'action', 'q', 'format', 'state', 'code', 'error'), odd);

/** Below /v1 refusals have the shape of OpenAI's, at /mcp that of JSON-RPC where the protocol's own checks refuse. */
const refusalSchema = z.union([
  errorBodySchema,
  doorErrorSchema,
  z.object({ jsonrpc: z.literal('2.0'), error: z.object({ code: z.int(), message: z.string() }) }),
]);

async function isFine(route: LoadedRoute, response: Response): Promise<void> {
  // 503 is for what is not there yet (the model), whatever was sent.
  expect([route.name, response.status < 500 || response.status === 503]).toEqual([route.name, true]);
  if (response.status >= 400 && response.status < 500) {
    expect([route.name, refusalSchema.safeParse(await response.json()).success]).toEqual([route.name, true]);
  } else {
    await response.body?.cancel();
  }
}

const session = async () => {
  const sent = { json: { email: 'admin@example.com', password: PASSWORD }, headers: { 'x-forwarded-for': 'again' } };
  return { cookie: cookiesOf(await call(signIn, '/', sent)) };
};

test('in team mode no body, type, query or id makes a route fail, for an administrator and for nobody', async () => {
  const routes = (await loadRoutes()).filter(({ name }) => !ENDS_THE_SESSION.has(name));
  expect(routes.length).toBeGreaterThan(25);
  for (const route of routes) {
    const write = !['GET', 'HEAD'].includes(route.method);
    await fc.assert(
      fc.asyncProperty(
        body,
        query,
        fc.array(odd, { minLength: 3, maxLength: 3 }),
        fc.boolean(),
        fc.uuid(),
        async (sent, asked, ids, signedIn, address) => {
          const [type, content] = sent;
          const search = new URLSearchParams(asked).toString();
          const response = await call(route.handler, `/api/x?${search}`, {
            method: route.method,
            params: Object.fromEntries(paramsOf(route.path).map((name, at) => [name, ids[at] ?? ''])),
            headers: {
              'x-forwarded-for': address,
              ...(signedIn && admin),
              ...(write && type !== '' && { 'content-type': type }),
            },
            ...(write && { body: content }),
          });
          await isFine(route, response);
        },
      ),
      { numRuns: RUNS },
    );
  }
});

test('signing out takes any body, and ends the session once', async () => {
  const [route] = (await loadRoutes()).filter(({ name }) => ENDS_THE_SESSION.has(name));
  if (route === undefined) {
    throw new Error('POST /api/auth/sign-out is gone');
  }
  const headers = await session();
  for (const content of ['', '[]', '{"everywhere":"yes"}', '{}', '{}']) {
    const sent = { body: content, headers: { ...headers, 'content-type': 'application/json' } };
    await isFine(route, await call(route.handler, route.path, sent));
  }
  expect((await call(route.handler, route.path, { json: {}, headers })).status).toBe(401);
});
