import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { POST as upload } from '@/app/api/images/route';
import { errorBodySchema, imageSchema } from '@/lib/contract';
import { database } from '@/lib/database/client';
import { useDataDirectory } from '../support/data-directory';
import { makePng } from '../support/images';
import { malformed } from '../support/malformed';
import { call } from '../support/request';

const data = useDataDirectory();

/** The full run sends a thousand; the seed makes them the same every time. */
const COUNT = process.env.LOOKTWICE_FULL_TESTS ? 1000 : 120;
const SEED = 20261124;
const MEGABYTE = 2 ** 20;

jest.setTimeout(900_000);

test('malformed images and archives are refused or read: no crash, no 500, bounded memory', async () => {
  expect((await call(upload, '/api/images', { body: await makePng() })).status).toBe(200);
  const before = process.memoryUsage.rss();
  let peak = before;
  const counts = new Map<number, number>();
  for await (const { name, bytes } of malformed(COUNT, SEED)) {
    // An address each: this is not a test of the rate limit.
    const headers = { 'x-forwarded-for': name };
    const response = await call(upload, '/api/images?name=x.png', { body: bytes, headers });
    const body: unknown = await response.json();
    expect([name, [200, 413, 415, 422].includes(response.status)]).toEqual([name, true]);
    const schema = response.status === 200 ? imageSchema : errorBodySchema;
    expect([name, schema.safeParse(body).success]).toEqual([name, true]);
    counts.set(response.status, (counts.get(response.status) ?? 0) + 1);
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(COUNT);
  // Most are refused, and some damage is harmless, so both ways were tried.
  expect(counts.get(422)).toBeGreaterThan(COUNT / 5);
  expect(counts.get(415)).toBeGreaterThan(COUNT / 20);
  expect(counts.get(200)).toBeGreaterThan(0);
  expect((peak - before) / MEGABYTE).toBeLessThan(400);
  // What was refused left nothing behind, and the server still works.
  const files = await readdir(join(data.path(), 'blobs'), { recursive: true, withFileTypes: true });
  expect(files.filter((entry) => entry.isFile())).toHaveLength(await database().image.count());
  expect((await call(upload, '/api/images', { body: await makePng(3) })).status).toBe(200);
});
