import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { permissions } from '@/lib/auth/permissions';
import { errorBodySchema } from '@/lib/assistant/contract';
import type { RouteHandler } from '@/lib/http/route';
import { useDataDirectory } from '../../support/data-directory';

useDataDirectory();

const root = process.cwd();
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const files = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /(^|\/)route\.tsx?$/.test(name))
  .map((name) => join('app', name))
  .sort();

/** Routes that show nothing of anybody's, and so need no account. A new one has to be argued for here. */
const PUBLIC = new Set(['app/healthz/route.ts GET', 'app/readyz/route.ts GET']);

type Loaded = { name: string; method: string; handler: RouteHandler };

async function load(): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  for (const file of files) {
    const module = (await import(join(root, file))) as Record<string, RouteHandler>;
    for (const method of METHODS) {
      const handler = module[method];
      if (handler !== undefined) {
        loaded.push({ name: `${relative(root, join(root, file))} ${method}`, method, handler });
      }
    }
  }
  return loaded;
}

test('every handler of every route was made by `route` with a permission, and the public ones are the known ones', async () => {
  const handlers = await load();
  expect(handlers.length).toBeGreaterThan(5);
  for (const { name, handler } of handlers) {
    expect([name, permissions.includes(handler.access)]).toEqual([name, true]);
    expect([name, handler.access === 'public']).toEqual([name, PUBLIC.has(name)]);
  }
});

test.each(files)('%s is thin', (file) => {
  expect(readFileSync(join(root, file), 'utf8').split('\n').length).toBeLessThanOrEqual(80);
});

async function answer({ handler, method }: Loaded, headers: Record<string, string>): Promise<[number, string]> {
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: '{}' };
  const request = new Request('http://127.0.0.1:3000/api/x', {
    method,
    headers: { host: '127.0.0.1:3000', 'content-type': 'application/json', ...headers },
    ...body,
  });
  const response = await handler(request, { params: Promise.resolve({ id: 'x', conversationId: 'x' }) });
  const parsed = errorBodySchema.safeParse(
    await response
      .clone()
      .json()
      .catch(() => null),
  );
  return [response.status, parsed.success ? parsed.data.error.code : ''];
}

test.each([
  ['a name that was made to point here', { host: 'evil.example:3000' }],
  ['another machine’s address', { host: '192.168.1.20:3000' }],
  ['a name that only begins like ours', { host: 'localhost.evil.example' }],
])('in local mode, a request to %s is refused by every route that is not public', async (_what, headers) => {
  for (const loaded of await load()) {
    if (loaded.handler.access !== 'public') {
      expect([loaded.name, ...(await answer(loaded, headers))]).toEqual([loaded.name, 403, 'forbidden']);
    }
  }
});

test('in team mode nobody gets in without an account', async () => {
  process.env.LOOKTWICE_MODE = 'team';
  try {
    for (const loaded of await load()) {
      if (loaded.handler.access !== 'public') {
        expect([loaded.name, ...(await answer(loaded, {}))]).toEqual([loaded.name, 401, 'unauthorized']);
      }
    }
  } finally {
    delete process.env.LOOKTWICE_MODE;
  }
});

test.each([
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site' }],
  [{ origin: 'https://evil.example' }],
  [{ origin: 'null' }],
  [{ origin: 'http://127.0.0.1:4000' }],
])('a write with %j is refused by every route', async (headers) => {
  for (const loaded of await load()) {
    if (!['GET', 'HEAD', 'OPTIONS'].includes(loaded.method)) {
      expect([loaded.name, ...(await answer(loaded, headers as Record<string, string>))]).toEqual([
        loaded.name,
        403,
        'cross_origin',
      ]);
    }
  }
});
