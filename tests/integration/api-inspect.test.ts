import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { POST as upload } from '@/app/api/images/route';
import { POST as inspect } from '@/app/api/inspect/route';
import {
  errorBodySchema,
  imageSchema,
  inspectLineSchema,
  inspectResponseSchema,
  newId,
  type InspectLine,
} from '@/lib/contract';
import { getEngine } from '@/lib/engine/worker/client';
import { useDataDirectory } from '../support/data-directory';
import { call } from '../support/request';

jest.setTimeout(240_000);
useDataDirectory();
afterAll(() => getEngine().close());

const NDJSON = { accept: 'application/x-ndjson' };

async function send(path: string): Promise<string> {
  const body = readFileSync(join(process.cwd(), path));
  const name = basename(path);
  return imageSchema.parse(await (await call(upload, `/api/images?name=${name}`, { body })).json()).id;
}

async function linesOf(response: Response): Promise<InspectLine[]> {
  return (await response.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => inspectLineSchema.parse(JSON.parse(line)));
}

test('counts the views of an image while it is inspected, then gives score, masks and findings; a second time from the store', async () => {
  const imageId = await send('public/samples/cracked-cookie.jpg');
  const response = await call(inspect, '/api/inspect', { json: { imageId }, headers: NDJSON });
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = await linesOf(response);
  const looked = lines.flatMap((line) => ('status' in line && line.status.stage === 'looking' ? [line.status] : []));
  const total = looked.at(-1)?.total ?? 0;
  expect(total).toBeGreaterThan(1);
  expect(looked.map(({ done }) => done)).toContain(total);
  const last = lines.at(-1);
  expect(last && 'result' in last).toBe(true);
  if (last && 'result' in last) {
    const { inspection, masks, findings } = last.result;
    expect(inspection).toMatchObject({ imageId });
    expect(masks).toHaveLength(inspection.regions.length);
    expect(findings.items).toHaveLength(inspection.regions.length);
    const again = await call(inspect, '/api/inspect', { json: { imageId } });
    expect(inspectResponseSchema.parse(await again.json())).toEqual(last.result);
  }
});

test('refuses an unknown image and an image as its own reference, with a status or, in lines, with the last line', async () => {
  const unknown = { imageId: newId() };
  expect((await call(inspect, '/api/inspect', { json: unknown })).status).toBe(404);
  const lines = await linesOf(await call(inspect, '/api/inspect', { json: unknown, headers: NDJSON }));
  expect(lines).toMatchObject([{ error: { code: 'not_found' } }]);
  const imageId = await send('tests/fixtures/images/cube-normal-1.jpg');
  const own = await call(inspect, '/api/inspect', { json: { imageId, referenceIds: [imageId] } });
  expect(errorBodySchema.parse(await own.json()).error.code).toBe('invalid_request');
});

test('ends an inspection that nobody reads any more', async () => {
  const imageId = await send('public/samples/whole-cookie.jpg');
  const response = await call(inspect, '/api/inspect', { json: { imageId }, headers: NDJSON });
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  while (getEngine().status().busy) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(getEngine().status().waiting).toBe(0);
});
