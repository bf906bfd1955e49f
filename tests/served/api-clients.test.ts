import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, UnprocessableEntityError } from 'openai';
import { z } from 'zod';
import { sharedServer } from '../support/served';

/** The clients that people have, as their packages are, against the built server. */
jest.setTimeout(300_000);
const bytes = readFileSync(join(__dirname, '../fixtures/images/cookie-cracked-2.jpg'));
const url = `data:image/jpeg;base64,${bytes.toString('base64')}`;
const { url: server } = sharedServer('local');

describe('the openai package', () => {
  const client = new OpenAI({ baseURL: `${server}/v1`, apiKey: 'none', maxRetries: 0 });
  const picture = { type: 'image_url' as const, image_url: { url } };
  const asked = (text: string) => ({ role: 'user' as const, content: [picture, { type: 'text' as const, text }] });
  const extension = z.object({
    inspections: z
      .array(z.object({ verdict: z.enum(['anomalous', 'normal', 'unsure']), width: z.literal(525) }))
      .length(1),
  });

  it('lists the model', async () => {
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toContain('looktwice');
    expect((await client.models.retrieve('looktwice')).object).toBe('model');
  });

  it('streams the very answer that it gets whole, over several turns, with what was measured and the usage', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [asked('Is there any anomaly?')];
    const whole = await client.chat.completions.create({ model: 'looktwice', messages, temperature: 0 });
    const [choice] = whole.choices;
    expect(choice?.finish_reason).toBe('stop');
    expect(choice?.message.content).toMatch(/\w{3}/);
    expect(extension.safeParse(Reflect.get(whole, 'looktwice')).success).toBe(true);
    const stream = await client.chat.completions.create({
      model: 'looktwice',
      messages,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(choice?.message.content);
    expect(usage?.completion_tokens).toBeGreaterThan(2);
    const next = await client.chat.completions.create({
      model: 'looktwice',
      messages: [
        ...messages,
        { role: 'assistant', content: text },
        { role: 'user', content: 'What should we do about it?' },
      ],
      temperature: 0,
    });
    expect(next.choices[0]?.message.content).toMatch(/\w{3}/);
    expect(next.usage?.prompt_tokens_details?.cached_tokens ?? 0).toBeGreaterThan(0);
  });

  it('parses findings by a schema of its own', async () => {
    const { choices } = await client.chat.completions.create({
      model: 'looktwice',
      messages: [asked('Is there any anomaly?')],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'verdict',
          schema: {
            type: 'object',
            properties: { verdict: { type: 'string' }, probability: { type: ['number', 'null'] } },
            required: ['verdict', 'probability'],
          },
        },
      },
    });
    const answer = z.strictObject({ verdict: z.string(), probability: z.number().min(0).max(1) });
    expect(answer.parse(JSON.parse(choices[0]?.message.content ?? ''))).toBeDefined();
  });

  it('answers by the Responses API, too, streamed to its end', async () => {
    const stream = await client.responses.create({
      model: 'looktwice',
      stream: true,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_image', image_url: url, detail: 'auto' },
            { type: 'input_text', text: 'Any defect?' },
          ],
        },
      ],
    });
    const types: string[] = [];
    let text = '';
    let done: OpenAI.Responses.Response | undefined;
    for await (const event of stream) {
      types.push(event.type);
      text += event.type === 'response.output_text.delta' ? event.delta : '';
      done = event.type === 'response.completed' ? event.response : done;
    }
    expect(types[0]).toBe('response.created');
    expect(types.at(-1)).toBe('response.completed');
    expect(done?.output_text ?? text).toBe(text);
    expect(text).toMatch(/\w{3}/);
  });

  it('raises the class of each error', async () => {
    const ask = (body: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>) =>
      client.chat.completions.create({ model: 'looktwice', messages: [asked('?')], ...body });
    await expect(ask({ model: 'gpt-4o' })).rejects.toBeInstanceOf(NotFoundError);
    await expect(ask({ n: 2 })).rejects.toBeInstanceOf(BadRequestError);
    const broken = {
      type: 'image_url' as const,
      image_url: { url: `data:image/jpeg;base64,${bytes.toString('base64').slice(0, 4000)}` },
    };
    await expect(ask({ messages: [{ role: 'user', content: [broken] }] })).rejects.toBeInstanceOf(
      UnprocessableEntityError,
    );
    const team = new OpenAI({ baseURL: `${sharedServer('team').url}/v1`, apiKey: 'lt_wrong', maxRetries: 0 });
    await expect(team.models.list()).rejects.toBeInstanceOf(AuthenticationError);
  });

  it('ends an answer that nobody reads any more', async () => {
    const stream = await client.chat.completions.create({
      model: 'looktwice',
      messages: [asked('Write a short inspection report.')],
      stream: true,
    });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) {
        break;
      }
    }
    stream.controller.abort();
    for (;;) {
      const { queue } = (await (await fetch(`${server}/api/status`)).json()) as { queue: { running: number } };
      if (queue.running === 0) {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
});

describe('the MCP client', () => {
  const client = new Client({ name: 'test', version: '1' });
  beforeAll(() => client.connect(new StreamableHTTPClientTransport(new URL(`${server}/mcp`))));
  afterAll(() => client.close());
  const image = { data: bytes.toString('base64') };

  it('finds the tools with schemas of their inputs and outputs', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(
      ['ask_about_image', 'compare_with_normal', 'inspect_image', 'list_findings', 'search_images'].sort(),
    );
    for (const { name, description, inputSchema, outputSchema } of tools) {
      expect([name, inputSchema.type, outputSchema?.type, (description ?? '').length > 20]).toEqual([
        name,
        'object',
        'object',
        true,
      ]);
    }
  });

  it('inspects a picture, hears how far it is, and reads mask and report as resources', async () => {
    const progress: number[] = [];
    const result = await client.callTool({ name: 'inspect_image', arguments: { image } }, undefined, {
      onprogress: ({ progress: done }) => progress.push(done),
      timeout: 200_000,
    });
    const inspection = z
      .object({ width: z.literal(525), height: z.literal(700), mask_uri: z.string(), report_uri: z.string() })
      .parse(result.structuredContent);
    expect(result.isError ?? false).toBe(false);
    const [mask] = (await client.readResource({ uri: inspection.mask_uri })).contents;
    const { blob, mimeType } = z.object({ blob: z.string(), mimeType: z.string() }).parse(mask);
    expect(mimeType).toBe('image/png');
    expect(Buffer.from(blob, 'base64').subarray(1, 4).toString()).toBe('PNG');
    const [report] = (await client.readResource({ uri: inspection.report_uri })).contents;
    expect(z.object({ text: z.string() }).parse(report).text).toContain('# Inspection of');
  });

  it('asks, and asks on in the same conversation', async () => {
    const asked = z.object({ answer: z.string().min(3), conversation_id: z.string() });
    const first = await client.callTool({ name: 'ask_about_image', arguments: { question: 'Any defect?', image } });
    const { conversation_id: id } = asked.parse(first.structuredContent);
    const next = await client.callTool({
      name: 'ask_about_image',
      arguments: { question: 'How severe is it?', conversation_id: id },
    });
    expect(asked.parse(next.structuredContent).conversation_id).toBe(id);
  });

  it('tells trouble as a result of the tool, in a sentence', async () => {
    const broken = await client.callTool({ name: 'inspect_image', arguments: { image: { data: 'bm8gcGljdHVyZQ==' } } });
    expect(broken.isError).toBe(true);
    expect(JSON.stringify(broken.content)).toMatch(/not an image that can be read/);
    const path = await client.callTool({ name: 'inspect_image', arguments: { image: { path: '/etc/passwd' } } });
    expect(path.isError).toBe(true);
  });
});
