import { connect } from 'node:net';
import sharp from 'sharp';
import { newId } from '@/lib/contract/ids';
import { makePng } from '../support/images';
import { pngChunk } from '../support/malformed';
import { codeOf, send, sharedServer } from '../support/served';
import { beginImport, zipOf } from '../support/served-client';

const local = sharedServer('local');
const team = sharedServer('team');
const json = { 'content-type': 'application/json' };

const SIDE = 2400;

/** 17 MB of noise as a picture. */
async function largePicture(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
  return sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: '#888', noise } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** A small picture in a file of `bytes` bytes: a private chunk that every reader skips. */
async function padded(bytes: number): Promise<Buffer> {
  const png = await makePng(7, 64, 48);
  const end = png.length - 12;
  return Buffer.concat([png.subarray(0, end), pngChunk('prVt', Buffer.alloc(bytes)), png.subarray(end)]);
}

const get = async (path: string) => JSON.parse((await send(local.url, path)).text) as Record<string, unknown>;

it('takes a picture of 17 MB, sent plain and as a form', async () => {
  const picture = await largePicture();
  expect(picture.length).toBeGreaterThan(17e6);
  const plain = await send(local.url, '/api/images?name=large.png', { method: 'POST', body: picture });
  expect([plain.status, JSON.parse(plain.text)]).toEqual([
    200,
    expect.objectContaining({ width: SIDE, height: SIDE, bytes: picture.length }),
  ]);
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(picture)]), 'large.png');
  const formed = await fetch(`${local.url}/api/images`, { method: 'POST', body: form });
  expect([formed.status, await formed.json()]).toEqual([200, expect.objectContaining({ bytes: picture.length })]);
});

it('imports an archive of 17 MB', async () => {
  const archive = await zipOf({ 'set/large.png': await largePicture(), 'set/small.png': await makePng(8, 64, 48) });
  expect(archive.length).toBeGreaterThan(17e6);
  const { wait } = await beginImport(local.url, archive);
  expect(await wait()).toMatchObject({ state: 'done', added: 2, skipped: 0 });
});

it('reads requests of more than 10 MB on /v1 and /mcp', async () => {
  const data = (await padded(12e6)).toString('base64');
  const chat = {
    model: 'looktwice',
    max_tokens: 1,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Any defects?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
        ],
      },
    ],
  };
  const models = (await get('/v1/models')) as { data: { id: string }[] };
  const body = JSON.stringify({ ...chat, model: models.data[0]?.id });
  expect(body.length).toBeGreaterThan(15e6);
  const answer = await send(local.url, '/v1/chat/completions', { method: 'POST', headers: json, body });
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.stringContaining('chat.completion')]);
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'inspect', arguments: { image: { data } } },
  };
  const told = await send(local.url, '/mcp', {
    method: 'POST',
    headers: { ...json, accept: 'application/json, text/event-stream' },
    body: JSON.stringify(call),
  });
  expect(told.status).toBe(200);
  // Understood as a call, whatever the tool says about it.
  expect(told.text).toContain('"id":1');
});

/**
 * What the server says to a request whose body is announced, begun and never finished; resolves when it ends the
 * connection.
 */
function sendPart(url: string, head: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${head}\r\n\r\n${'x'.repeat(1000)}`));
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

/** The first line and headers of a request whose body is announced. */
const headOf = (url: string, path: string, bytes: number) =>
  `POST ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\ncontent-length: ${bytes}\r\ncontent-type: application/json`;

it('refuses who is nobody before the body has come, on every route that takes large ones, and then lets go of the connection', async () => {
  const paths = ['/api/images', `/api/datasets/${newId()}/imports`, '/v1/chat/completions', '/mcp', '/api/chat'];
  const answers = await Promise.all(paths.map((path) => sendPart(team.url, headOf(team.url, path, 9e6))));
  expect(answers.map((answer) => answer.slice(0, 12))).toEqual(Array(paths.length).fill('HTTP/1.1 401'));
});

it('refuses a body to a page by its first line, and one that is too large by what it announces', async () => {
  const [page, large] = await Promise.all([
    sendPart(team.url, headOf(team.url, '/', 9e6)),
    sendPart(local.url, headOf(local.url, '/api/images', 9e7)),
  ]);
  expect(page).toMatch(/^HTTP\/1\.1 405 /);
  expect(large).toMatch(/^HTTP\/1\.1 413 /);
  expect(large).toContain('image_too_large');
});

it.each([
  ['a path that is no UTF-8', 'GET', '/%ff', 400, 'invalid_request'],
  ['a route with such a path', 'GET', '/api/images/%ff/content', 400, 'invalid_request'],
  ['TRACE', 'TRACE', '/api/status', 405, 'method_not_allowed'],
  ['the image optimiser', 'GET', '/_next/image?url=%2Fapi%2Fstatus&w=640&q=75', 404, 'not_found'],
  ['an address below /api that is none', 'DELETE', '/api/nothing/here', 404, 'not_found'],
])('answers %s with the right refusal', async (_what, method, path, status, code) => {
  const answer = await send(local.url, path, { method });
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
});
