import { readFile } from 'node:fs/promises';
import { makePng } from '../support/images';
import { send, sharedServer } from '../support/served';

const local = sharedServer('local');
const team = sharedServer('team');

async function valueOf(line: string): Promise<number> {
  const { text } = await send(local.url, '/metrics');
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? 0 : Number(found.slice(line.length + 1));
}

it('counts what all bundles do: answers of the server, errors of routes, decoding', async () => {
  const before = [
    await valueOf('looktwice_http_responses_total{status="405"}'),
    await valueOf('looktwice_errors_total{code="not_found"}'),
    await valueOf('looktwice_queue_wait_seconds_count{queue="decoder"}'),
  ];
  await send(local.url, '/api/images', { method: 'TRACE' });
  await send(local.url, '/api/images/AAAAAAAAAAAAAAAAAAAAAA');
  await send(local.url, '/api/images', { method: 'POST', body: await makePng(9, 64, 48) });
  const after = [
    await valueOf('looktwice_http_responses_total{status="405"}'),
    await valueOf('looktwice_errors_total{code="not_found"}'),
    await valueOf('looktwice_queue_wait_seconds_count{queue="decoder"}'),
  ];
  expect(after.map((value, index) => value > (before[index] ?? 0))).toEqual([true, true, true]);
  expect(await valueOf('process_resident_memory_bytes')).toBeGreaterThan(0);
});

it('with accounts nobody reads the counts without a token of the environment', async () => {
  expect((await send(team.url, '/metrics')).status).toBe(404);
  expect((await send(team.url, '/metrics', { headers: { authorization: 'Bearer guessed' } })).status).toBe(404);
});

it('every answer has an id of the server’s own, which the error and the log have as well', async () => {
  const forged = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const ids = new Set<unknown>();
  for (const path of ['/', '/healthz', '/api/nothing', '/_next/image', '/favicon.ico', '/api/images?limit=x']) {
    const { status, headers, text } = await send(local.url, path, { headers: { 'x-request-id': forged } });
    const id = headers['x-request-id'];
    expect([path, id]).toEqual([path, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    ids.add(id);
    if (headers['content-type']?.startsWith('application/json') === true && status >= 400) {
      expect((JSON.parse(text) as { error: { requestId: string } }).error.requestId).toBe(id);
    }
  }
  expect([ids.size, ids.has(forged)]).toEqual([6, false]);
  const refused = await send(local.url, '/api/images?limit=x');
  expect(await readFile(local.log, 'utf8')).toContain(`"requestId":"${String(refused.headers['x-request-id'])}"`);
});
