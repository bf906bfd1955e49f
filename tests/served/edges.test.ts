import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { newId } from '@/lib/contract/ids';
import { compressCounts } from '@/lib/segmentation/rle';
import { makePng } from '../support/images';
import { codeOf, send, sharedServer, signInServed } from '../support/served';
import { beginImport, get, post, upload, zipOf } from '../support/served-client';

const local = sharedServer('local');
const team = sharedServer('team');
const { url } = local;

it('stores a mask of 200,000 dots', async () => {
  const side = 900;
  const { datasetId, wait } = await beginImport(url, await zipOf({ 'a/one.png': await makePng(11, side, side) }));
  expect(await wait()).toMatchObject({ state: 'done', added: 1 });
  const { items } = await get<{ items: { id: string; revision: number }[] }>(url, `/api/datasets/${datasetId}/items`);
  const [item] = items;
  // Every second pixel of every second column, column by column.
  const column = Array.from({ length: side }, (_, y) => y % 2);
  const empty = Array<number>(side).fill(0);
  const pixels = Array.from({ length: side / 2 }, () => [...column, ...empty]).flat();
  const counts: number[] = [];
  let [value, run] = [0, 0];
  for (const pixel of pixels) {
    if (pixel !== value) {
      counts.push(run);
      [value, run] = [pixel, 0];
    }
    run += 1;
  }
  counts.push(run);
  const mask = { size: [side, side], counts: compressCounts(counts) };
  const review = { revision: item?.revision ?? 0, verdict: 'relabelled', label: 'anomalous', defectType: 'dots', mask };
  const answer = await post(url, `/api/datasets/${datasetId}/items/${item?.id ?? ''}/reviews`, review);
  expect([answer.status, answer.text.slice(0, 200)]).toEqual([
    expect.any(Number),
    expect.not.stringContaining('"error"'),
  ]);
  expect(answer.status).toBeLessThan(300);
});

it.each([
  ['1 x 20000', 1, 20_000],
  ['20000 x 1', 20_000, 1],
])('shows a picture of %s px at every width', async (_size, width, height) => {
  const png = await sharp({ create: { width, height, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
  const id = await upload(url, png);
  for (const query of ['?w=160', '?w=2560', '']) {
    const answer = await send(url, `/api/images/${id}/content${query}`);
    expect([query, answer.status, answer.headers['content-type']]).toEqual([
      query,
      200,
      expect.stringMatching(/^image\//),
    ]);
  }
});

it('says that the file of an image is missing', async () => {
  const png = await makePng(12, 64, 48);
  const id = await upload(url, png);
  const { sha256 } = await get<{ sha256: string }>(url, `/api/images/${id}`);
  const file = join(local.data, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  await rename(file, `${file}.away`);
  const missing = await send(url, `/api/images/${id}/content?w=320`);
  expect([missing.status, codeOf(missing)]).toEqual([410, 'gone']);
  expect(missing.text).not.toContain(local.data);
  await rename(`${file}.away`, file);
  expect((await send(url, `/api/images/${id}/content?w=320`)).status).toBe(200);
});

it('a link that was revoked shows nothing any more, at any address', async () => {
  const imageId = await upload(url, await makePng(13, 64, 48));
  const conversationId = newId();
  const message = { id: newId(), role: 'user', parts: [{ type: 'data-image', data: { imageId } }] };
  const asked = await post(url, '/api/chat', {
    trigger: 'submit',
    conversationId,
    message: { ...message, parts: [{ type: 'text', text: 'Any defects?' }, ...message.parts] },
    settings: { maxTokens: 4 },
  });
  expect(asked.status).toBe(200);
  const made = await post(url, '/api/shares', { conversationId, live: true });
  const { share, token } = JSON.parse(made.text) as { share: { id: string }; token: string };
  const addresses = [
    `/s/${token}`,
    `/api/shared/${token}/images/${imageId}?w=160`,
    `/api/shared/${token}/images/${imageId}`,
    `/api/shared/${token}/picture`,
    `/api/shared/${token}/report`,
  ];
  for (const path of addresses) {
    const answer = await send(url, path);
    expect([path, answer.status]).toEqual([path, 200]);
    // Nothing between the server and the reader may keep it.
    expect([path, answer.headers['cache-control'] ?? '']).toEqual([path, expect.stringMatching(/no-store|no-cache/)]);
  }
  expect((await send(url, `/api/shares/${share.id}`, { method: 'DELETE' })).status).toBeLessThan(300);
  for (const path of addresses) {
    expect([path, (await send(url, path)).status]).toEqual([path, 404]);
  }
  const optimised = `/_next/image?url=${encodeURIComponent(addresses[1] ?? '')}&w=640&q=75`;
  expect((await send(url, optimised)).status).toBe(404);
});

it('with accounts, a forged Host gets into no address, and a write behind a proxy that puts another one is told what to set', async () => {
  const headers = await signInServed(team, 'edges@example.com');
  const refused = await post(team.url, '/api/datasets', { name: 'x' }, { ...headers, origin: 'https://other.example' });
  expect([refused.status, codeOf(refused)]).toEqual([403, 'cross_origin']);
  expect(refused.text).toContain('LOOKTWICE_URL');
  const passed = await post(
    team.url,
    '/api/datasets',
    { name: 'x' },
    { ...headers, origin: team.url, host: 'backend' },
  );
  expect(passed.status).toBe(201);
  const page = await send(team.url, '/sign-in', { headers: { host: 'evil.example' } });
  expect(page.text).not.toContain('evil.example');
});
