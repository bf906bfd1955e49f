import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { z } from 'zod';

const pictures = join(__dirname, '../fixtures/images');
const client = new Client({ name: 'test', version: '1' });
let data = '';

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'looktwice-mcp-'));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(__dirname, '../../bin/looktwice.mjs'), 'mcp'],
    env: { ...(process.env as Record<string, string>), LOOKTWICE_DATA: data },
    stderr: 'inherit',
  });
  await client.connect(transport);
}, 120_000);

afterAll(async () => {
  await client.close();
  await rm(data, { recursive: true, force: true });
});

test('`looktwice mcp` inspects a file of this machine, and its mask and report are resources', async () => {
  const image = { path: join(pictures, 'cookie-cracked-2.jpg') };
  const result = await client.callTool({ name: 'inspect_image', arguments: { image } });
  const inspection = z
    .object({
      image: z.literal('cookie-cracked-2.jpg'),
      width: z.literal(525),
      height: z.literal(700),
      score: z.number().min(0).max(1),
      findings: z.array(z.object({ bbox: z.array(z.number()).length(4), place: z.string() })).min(1),
      mask_uri: z.string(),
      report_uri: z.string(),
    })
    .parse(result.structuredContent);
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual(
    expect.arrayContaining([inspection.mask_uri, inspection.report_uri]) as string[],
  );
  const [report] = (await client.readResource({ uri: inspection.report_uri })).contents;
  expect(z.object({ text: z.string() }).parse(report).text).toContain('# Inspection of cookie-cracked-2.jpg');
});

test('a question, and the next one of the conversation without the picture', async () => {
  const image = { path: join(pictures, 'cookie-cracked-2.jpg') };
  const asked = z.object({ answer: z.string().min(5), conversation_id: z.string() });
  const first = await client.callTool({ name: 'ask_about_image', arguments: { question: '/inspect', image } });
  const { conversation_id: id } = asked.parse(first.structuredContent);
  const next = await client.callTool({
    name: 'ask_about_image',
    arguments: { question: 'How severe is it?', conversation_id: id },
  });
  expect(asked.parse(next.structuredContent).conversation_id).toBe(id);
});

test('the workbench’s own pictures are searched: a fresh one has none', async () => {
  const found = await client.callTool({ name: 'search_images', arguments: { query: 'cookie' } });
  expect(found.structuredContent).toEqual({ images: [], next_cursor: null });
});
