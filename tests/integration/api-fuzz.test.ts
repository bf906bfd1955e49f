import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { errorBodySchema, idPattern, limits, newId } from '@/lib/contract';
import type { RouteHandler } from '@/lib/handler/route';
import { useDataDirectory } from '../support/data-directory';
import { makePng } from '../support/images';
import { useFullBuckets } from '../support/full-buckets';
import { call } from '../support/request';

useDataDirectory();
useFullBuckets();

const files = readdirSync(join(process.cwd(), 'app/api'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('route.ts'),
);

async function handlers(method: string): Promise<[string, RouteHandler][]> {
  const found: [string, RouteHandler][] = [];
  for (const file of files) {
    const handler = ((await import(join(process.cwd(), 'app/api', file))) as Record<string, RouteHandler>)[method];
    if (handler !== undefined) {
      found.push([file, handler]);
    }
  }
  return found;
}

/** Nothing that a client sends may be answered with a 500, and every refusal has the error body of the contract. */
async function expectRefusal(file: string, response: Response): Promise<void> {
  expect([file, response.status < 500]).toEqual([file, true]);
  if (response.status >= 400) {
    expect(errorBodySchema.safeParse(await response.json()).success).toBe(true);
  }
}

const id = fc.oneof(fc.constant(newId()), fc.string(), fc.constant('../../../etc/passwd'), fc.constant('%00'));
const params = fc.record({ id, conversationId: id });
const field = fc.constantFrom(
  'id',
  'title',
  'pinned',
  'leafId',
  'imageId',
  'referenceIds',
  'messageId',
  'itemId',
  'done',
  'conversationId',
  'trigger',
  'message',
  'parentId',
  'settings',
  '__proto__',
);
const json = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(field, fc.oneof(fc.jsonValue(), fc.constantFrom('submit', 'regenerate', newId()))),
);

test.each(['POST', 'PATCH', 'DELETE'])('%s: no JSON body makes a route fail', async (method) => {
  for (const [file, handler] of await handlers(method)) {
    await fc.assert(
      fc.asyncProperty(json, params, async (value, route) => {
        await expectRefusal(file, await call(handler, '/api/x', { method, json: value, params: route }));
      }),
      { numRuns: 40 },
    );
  }
});

test('GET: no query and no id makes a route fail', async () => {
  for (const [file, handler] of await handlers('GET')) {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('q', 'cursor', 'limit', 'w', 'format', 'leaf', 'answer'), fc.string()),
        params,
        async (query, route) => {
          await expectRefusal(
            file,
            await call(handler, `/api/x?${new URLSearchParams(query).toString()}`, { params: route }),
          );
        },
      ),
      { numRuns: 60 },
    );
  }
});

test('bodies that are not JSON, too long, or of another type are refused', async () => {
  const posts = (await handlers('POST')).filter(
    ([file]) => file.startsWith('conversations/route') || file.startsWith('checklist'),
  );
  const long = JSON.stringify({ title: 'x'.repeat(limits.jsonBytes) });
  for (const [file, handler] of posts) {
    const send = async (body: string, type: string) =>
      (await call(handler, '/api/x', { body, headers: { 'content-type': type } })).status;
    expect([file, await send('{"a":', 'application/json')]).toEqual([file, 400]);
    expect([file, await send(long, 'application/json')]).toEqual([file, 413]);
    expect([file, await send('{}', 'text/plain')]).toEqual([file, 400]);
    expect([file, await send('', 'application/json')]).toEqual([file, 400]);
  }
});

test('malformed images of every kind are refused or read, never a failure', async () => {
  const png = await makePng();
  const [upload] = (await handlers('POST'))
    .filter(([file]) => file === 'images/route.ts')
    .map(([, handler]) => handler);
  if (upload === undefined) {
    throw new Error('the upload route is missing');
  }
  const magic = fc.constantFrom(
    'ffd8ffe0',
    '89504e470d0a1a0a',
    '474946383961',
    '49492a00',
    '4d4d002a',
    '524946460000000057454250',
    '0000002066747970617669660000',
  );
  const broken = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(magic, fc.uint8Array({ maxLength: 400 }))
      .map(([head, rest]) => Buffer.concat([Buffer.from(head, 'hex'), rest])),
    fc.tuple(fc.nat({ max: png.length - 1 }), fc.nat({ max: 255 })).map(([at, value]) => {
      const copy = Buffer.from(png);
      copy[at] = value;
      return copy;
    }),
    fc.nat({ max: png.length }).map((length) => png.subarray(0, length)),
  );
  await fc.assert(
    fc.asyncProperty(broken, async (body) => {
      await expectRefusal('images', await call(upload, '/api/images', { body }));
    }),
    { numRuns: 250 },
  );
});

test('fresh ids are ids', () => {
  expect(new Set(Array.from({ length: 1000 }, newId)).size).toBe(1000);
  expect(newId()).toMatch(idPattern);
});
