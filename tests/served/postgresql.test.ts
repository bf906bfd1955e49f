import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makePng } from '../support/images';
import { startPostgresql, type PostgresqlServer } from '../support/postgresql-server.mjs';
import {
  codeOf,
  freePort,
  newData,
  removeServed,
  send,
  startEnvironment,
  startServed,
  stopServed,
  type Served,
} from '../support/served';

jest.setTimeout(240_000);

let database: PostgresqlServer;
let served: Served;
let settings: Record<string, string>;
beforeAll(async () => {
  database = await startPostgresql();
  settings = { DATABASE_URL: database.url };
  served = await startServed({ until: 'ready', settings });
});
afterAll(async () => {
  await removeServed(served);
  database.stop();
});

const newSet = (name: string) =>
  send(served.url, '/api/datasets', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });

const setNames = async (): Promise<string[]> => {
  const { datasets } = JSON.parse((await send(served.url, '/api/datasets')).text) as { datasets: { name: string }[] };
  return datasets.map(({ name }) => name);
};

it('serves from PostgreSQL, and makes no file of SQLite', async () => {
  expect((await newSet('first')).status).toBe(201);
  expect((await send(served.url, '/api/images', { method: 'POST', body: await makePng(1, 64, 48) })).status).toBe(200);
  expect(await setNames()).toEqual(['first']);
  expect((await send(served.url, '/metrics')).text).toMatch(/looktwice_disk_bytes\{what="database"\} \d{6,}/);
  expect(existsSync(join(served.data, 'looktwice.db'))).toBe(false);
});

it('a second server on the same database is refused, without the password', async () => {
  const [data, port] = [newData(), await freePort()];
  const address = database.url.replace('looktwice@', 'looktwice:geheim@');
  const second = spawnSync(process.execPath, ['scripts/start.mjs', '--port', String(port)], {
    env: startEnvironment(data, port, { DATABASE_URL: address }),
    encoding: 'utf8',
  });
  expect(second.status).toBe(1);
  expect(second.stderr).toMatch(/is in use by another server: stop that one first/);
  expect(second.stderr).not.toContain('geheim');
  expect((await send(served.url, '/readyz')).status).toBe(200);
});

it('is not ready, and acknowledges nothing, while the database is away; goes on when it is back', async () => {
  database.control('stop', '-m', 'immediate');
  try {
    expect((await send(served.url, '/readyz')).status).toBe(503);
    const refused = await newSet('lost');
    expect([refused.status, codeOf(refused)]).toEqual([503, 'database_unavailable']);
  } finally {
    database.start();
  }
  expect((await send(served.url, '/readyz')).status).toBe(200);
  expect((await newSet('second')).status).toBe(201);
  expect((await setNames()).sort()).toEqual(['first', 'second']);
});

it('has everything after kill -9 and a start', async () => {
  const { data } = served;
  await stopServed(served, 'SIGKILL');
  served = await startServed({ data, settings });
  expect((await setNames()).sort()).toEqual(['first', 'second']);
});
