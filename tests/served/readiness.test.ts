import { execFile } from 'node:child_process';
import { rename, readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePng } from '../support/images';
import { codeOf, freePort, removeServed, send, startServed, type Served } from '../support/served';

jest.setTimeout(180_000);

let served: Served;
beforeAll(async () => {
  served = await startServed({ until: 'ready' });
});
afterAll(() => removeServed(served));

const newSet = (name: string) =>
  send(served.url, '/api/datasets', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });

it('keeps its data to its owner', async () => {
  expect((await newSet('private')).status).toBe(201);
  await send(served.url, '/api/images', { method: 'POST', body: await makePng(1, 64, 48) });
  expect((await stat(served.data)).mode & 0o777).toBe(0o700);
  const entries = await readdir(served.data, { recursive: true, withFileTypes: true });
  expect(entries.length).toBeGreaterThan(5);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    expect([path, (await stat(path)).mode & 0o077]).toEqual([path, 0]);
  }
});

it('the health check of containers tells whether it answers', async () => {
  const check = async (port: number) =>
    promisify(execFile)(process.execPath, ['deploy/healthcheck.mjs', String(port)]).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
  expect(await check(served.port)).toBe(0);
  expect(await check(await freePort())).toBe(1);
});

it('is not ready, and acknowledges nothing, while its database is not where it was', async () => {
  const file = join(served.data, 'looktwice.db');
  await rename(file, `${file}.away`);
  try {
    expect((await send(served.url, '/readyz')).status).toBe(503);
    const refused = await newSet('lost');
    expect([refused.status, codeOf(refused)]).toEqual([503, 'database_unavailable']);
    expect(refused.text).not.toContain(served.data);
  } finally {
    await rename(`${file}.away`, file);
  }
  expect((await send(served.url, '/readyz')).status).toBe(200);
  const { datasets } = JSON.parse((await send(served.url, '/api/datasets')).text) as { datasets: { name: string }[] };
  expect(datasets.map(({ name }) => name)).toEqual(['private']);
});

it('while it ends, it says so, takes nothing new, and finishes an upload that has begun', async () => {
  const picture = await makePng(2, 64, 48);
  const { port } = served;
  const head = `POST /api/images HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\ncontent-length: ${picture.length}\r\n\r\n`;
  const upload = connect(port, '127.0.0.1');
  let answer = '';
  upload.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
  });
  const ended = new Promise((resolve) => upload.once('close', resolve));
  upload.write(head);
  upload.write(picture.subarray(0, 300));
  // The server has to have begun with it.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const exited = new Promise((resolve) => served.process.once('exit', resolve));
  served.process.kill('SIGTERM');
  let ready = await send(served.url, '/readyz');
  while (ready.status === 200) {
    ready = await send(served.url, '/readyz');
  }
  expect([ready.status, JSON.parse(ready.text)]).toEqual([503, expect.objectContaining({ open: false })]);
  const refused = await newSet('late');
  expect([refused.status, codeOf(refused)]).toEqual([503, 'shutting_down']);
  upload.write(picture.subarray(300));
  await ended;
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  await exited;
});
