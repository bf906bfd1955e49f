import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ensureLocalUser, LOCAL_USER_ID } from '@/lib/database/users';
import { keepResult, maskUri, reportUri } from '@/lib/mcp/results';
import { answerMcp } from '@/lib/mcp/http';
import { createMcpServer } from '@/lib/mcp/server';
import { useDataDirectory } from '../../support/data-directory';

useDataDirectory();
beforeAll(ensureLocalUser);

async function connect(allowsPaths: boolean, userId = LOCAL_USER_ID): Promise<Client> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await createMcpServer({ owner: { userId }, allowsPaths }).connect(ours);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(theirs);
  return client;
}

const textOf = (result: Awaited<ReturnType<Client['callTool']>>) =>
  (result.content as { type: string; text?: string }[]).map(({ text }) => text ?? '').join('\n');

const inspection = {
  image: 'part | one\nof two',
  width: 4,
  height: 2,
  verdict: 'anomalous' as const,
  probability: 0.95,
  foreignness: null,
  basis: { kind: 'references' as const, count: 1 },
  notice: null,
  score: 0.91,
  bucket: 'highly' as const,
  findings: [
    {
      type: 'scratch',
      place: 'centre',
      severity: 'minor' as const,
      extent_percent: 25,
      area_px: 2,
      bbox: [1, 0, 1, 2] as [number, number, number, number],
      score: 0.7,
    },
  ],
  mask_uri: null,
  report_uri: 'x',
  model: 'm@1',
};

test('the tools are the promised ones; paths are offered on the own machine only', async () => {
  const local = await (await connect(true)).listTools();
  const remote = await (await connect(false)).listTools();
  const names = ['ask_about_image', 'compare_with_normal', 'inspect_image', 'list_findings', 'search_images'];
  expect(local.tools.map(({ name }) => name).sort()).toEqual(names);
  expect(remote.tools.map(({ name }) => name).sort()).toEqual(names);
  expect(JSON.stringify(local.tools)).toContain('"path"');
  expect(JSON.stringify(remote.tools)).not.toContain('"path"');
  expect(local.tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
});

test.each([
  ['a path over HTTP', false, { path: '/etc/passwd' }, /exactly one of data and image_id, this one has 0/],
  ['a path that is no picture', true, { path: __filename }, /is not an image|no image|format/i],
  ['a path that is nowhere', true, { path: '/nowhere/a.png' }, /no such file/],
  ['two pictures in one', true, { path: 'a', data: 'b' }, /exactly one of path, data and image_id, this one has 2/],
  ['text as data', false, { data: 'hello world!' }, /not base64/],
  ['bytes that are no picture', false, { data: Buffer.from('hello').toString('base64') }, /image/i],
  ['a picture of nobody', false, { image_id: 'x'.repeat(22) }, /no such image/],
])('%s is refused with a sentence', async (_what, allowsPaths, image, message) => {
  const client = await connect(allowsPaths);
  const result = await client.callTool({ name: 'inspect_image', arguments: { image } });
  expect(result.isError).toBe(true);
  expect(textOf(result)).toMatch(message);
  expect(textOf(result)).not.toMatch(/\n\s+at /);
});

test('a question needs a picture or a conversation that is known', async () => {
  const client = await connect(true);
  const ask = (args: Record<string, unknown>) =>
    client.callTool({ name: 'ask_about_image', arguments: { question: 'Why?', ...args } });
  expect(textOf(await ask({}))).toMatch(/Give a picture/);
  expect(textOf(await ask({ conversation_id: 'gone' }))).toMatch(/not known/);
});

test('masks and reports are read by who asked for them, and by nobody else', async () => {
  const masks = [{ size: [2, 4] as [number, number], counts: [2, 2, 4] }];
  const { id } = keepResult({ userId: LOCAL_USER_ID, masks, inspection, imageId: null });
  const client = await connect(false);
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri).sort()).toEqual([maskUri(id), reportUri(id)]);
  const [mask] = (await client.readResource({ uri: maskUri(id) })).contents;
  expect(
    Buffer.from((mask as { blob: string }).blob, 'base64')
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  const [report] = (await client.readResource({ uri: reportUri(id) })).contents;
  expect((report as { text: string }).text).toContain('| scratch | centre | minor | 25.00 % | 2 | 1, 0, 1, 2 | 0.70 |');
  expect((report as { text: string }).text).toContain('# Inspection of part   one of two');
  const listed = await client
    .callTool({ name: 'list_findings', arguments: { min_score: 0.9 } })
    .catch((error: unknown) => error);
  expect(JSON.stringify(listed)).toContain('scratch');

  const other = await connect(false, 'somebody-else');
  expect((await other.listResources()).resources).toEqual([]);
  await expect(other.readResource({ uri: maskUri(id) })).rejects.toThrow(/no such mask/);
  await expect(other.readResource({ uri: reportUri(id) })).rejects.toThrow(/no such report/);
});

test.each([
  'looktwice://masks/..%2F..%2Fetc%2Fpasswd',
  'looktwice://reports/__proto__',
  'looktwice://masks/',
  'file:///etc/passwd',
])('a client that reads %s is told that there is none', async (uri) => {
  await expect((await connect(false)).readResource({ uri })).rejects.toThrow(/not found|no such|no mask|no report/i);
});

test('one request holds few messages: each of thousands could be answered with all that is known', async () => {
  const principal = { userId: LOCAL_USER_ID, role: 'admin' as const, via: 'local' as const };
  const send = (count: number) => {
    const messages = Array.from({ length: count }, (_, id) => ({ jsonrpc: '2.0', id, method: 'resources/list' }));
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    return answerMcp(
      principal,
      new Request('http://127.0.0.1/mcp', { method: 'POST', headers, body: JSON.stringify(messages) }),
    );
  };
  await expect(send(10_000)).rejects.toThrow(/At most 16 messages/);
  expect(await (await send(2)).text()).toMatch(/"id":0.*"id":1/s);
});
