import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { preparePython, runReference } from '../crosscheck/prepare';
import { sharedServer } from '../support/served';

/** OpenAI's package of PyPI, which checks each answer against the types of the API, at the built server. */
const usage = z.strictObject({ prompt: z.number(), completion: z.number(), total: z.number() });
const failure = z.object({
  class: z.string().nullable(),
  status: z.number().optional(),
  code: z.string().nullish(),
  param: z.string().nullish(),
  request: z.string().nullish(),
});
const seenSchema = z.object({
  models: z.object({ ids: z.array(z.string()), one: z.string() }),
  whole: z.object({
    text: z.string(),
    finish: z.string(),
    usage,
    verdict: z.string(),
    findings: z.number(),
    masks: z.number(),
  }),
  streamed: z.object({ text: z.string(), finish: z.string(), usage, chunks: z.number() }),
  helper: z.object({ text: z.string(), kinds: z.array(z.string()) }),
  turns: z.object({ text: z.string(), cached: z.number() }),
  limits: z.object({
    full: z.string(),
    word: z.string(),
    short: z.object({ finish: z.string(), tokens: z.number() }),
    ended: z.object({ finish: z.string(), text: z.string() }),
  }),
  as_json: z.object({ free: z.record(z.string(), z.unknown()), parsed: z.record(z.string(), z.unknown()) }),
  responses: z.object({
    text: z.string(),
    status: z.string(),
    tokens: z.number(),
    streamed: z.string(),
    final: z.string(),
    first: z.string(),
    last: z.string(),
  }),
  errors: z.record(z.string(), failure),
  ended: z.literal(true),
});
let seen: z.infer<typeof seenSchema>;

beforeAll(async () => {
  const python = await preparePython('openai.txt');
  const picture = readFileSync(join(__dirname, '../fixtures/images/cookie-cracked-2.jpg')).toString('base64');
  const [url, team] = [sharedServer('local').url, sharedServer('team').url];
  seen = seenSchema.parse(await runReference(python, 'openai_client.py', { url, team, picture }));
}, 1_200_000);

it('lists the model', () => {
  expect(seen.models.ids).toContain('looktwice');
  expect(seen.models.one).toBe('model');
});

it('gets an answer whole, with what was measured and its tokens', () => {
  const { text, finish, usage: counted, verdict, findings, masks } = seen.whole;
  expect(text).toMatch(/\w{3}/);
  expect([finish, verdict]).toEqual(['stop', 'anomalous']);
  expect(findings).toBeGreaterThan(0);
  expect(masks).toBeGreaterThan(0);
  expect(counted.total).toBe(counted.prompt + counted.completion);
  expect(counted.completion).toBeGreaterThan(2);
});

it('gets the very same answer streamed, by the client’s own accumulation as well', () => {
  expect(seen.streamed).toMatchObject({ text: seen.whole.text, finish: 'stop' });
  expect(seen.streamed.chunks).toBeGreaterThan(5);
  expect(seen.streamed.usage.completion).toBe(seen.whole.usage.completion);
  expect(seen.helper.text).toBe(seen.whole.text);
  expect(seen.helper.kinds).toEqual(expect.arrayContaining(['chunk', 'content.delta', 'content.done']) as string[]);
});

it('asks on, where the server goes on with what it knows', () => {
  expect(seen.turns.text).toMatch(/\w{3}/);
  expect(seen.turns.cached).toBeGreaterThan(0);
});

it('ends an answer at its limit, and at a stop text, which is not told', () => {
  const { full, word, short, ended } = seen.limits;
  expect(short).toEqual({ finish: 'length', tokens: 5 });
  expect(ended.finish).toBe('stop');
  expect(ended.text).not.toContain(word);
  expect(full.startsWith(ended.text)).toBe(true);
});

it('gets findings as JSON, and as an object of a class of its own', () => {
  expect(seen.as_json.free).toMatchObject({ verdict: 'anomalous', is_anomalous: true });
  expect(seen.as_json.parsed).toEqual({
    verdict: 'anomalous',
    probability: seen.as_json.free['probability'],
  });
});

it('answers by the Responses API, whole and streamed', () => {
  const { text, status, tokens, streamed, final, first, last } = seen.responses;
  expect(text).toBe(seen.whole.text);
  expect([streamed, final]).toEqual([text, text]);
  expect([status, first, last]).toEqual(['completed', 'response.created', 'response.completed']);
  expect(tokens).toBeGreaterThan(2);
});

it.each([
  ['model', { class: 'NotFoundError', status: 404, code: 'model_not_found', param: 'model' }],
  ['several', { class: 'BadRequestError', status: 400, param: 'n' }],
  ['tools', { class: 'BadRequestError', status: 400, param: 'tool_choice' }],
  ['field', { class: 'BadRequestError', status: 400, param: 'temperature' }],
  ['broken', { class: 'UnprocessableEntityError', status: 422 }],
  ['elsewhere', { class: 'BadRequestError', status: 400 }],
  ['long', { class: 'BadRequestError', status: 400, code: 'context_length_exceeded' }],
  ['schema', { class: 'BadRequestError', status: 400 }],
  ['streamed', { class: 'NotFoundError', status: 404, code: 'model_not_found' }],
  ['responses', { class: 'NotFoundError', status: 404, code: 'model_not_found' }],
  ['kept', { class: 'BadRequestError', status: 400, param: 'previous_response_id' }],
  ['key', { class: 'AuthenticationError', status: 401, code: 'invalid_api_key' }],
])('raises the class of each error, with the fields of OpenAI’s: %s', (name, expected) => {
  expect(seen.errors[name]).toMatchObject(expected);
  expect(seen.errors[name]?.request).toMatch(/^[\w-]{8,}$/);
});

it('tells that nobody is there', () => {
  expect(seen.errors['nobody']).toEqual({ class: 'APIConnectionError' });
});

it('leaves a stream, which ends the answer', async () => {
  for (;;) {
    const status = await (await fetch(`${sharedServer('local').url}/api/status`)).json();
    if ((status as { queue: { running: number } }).queue.running === 0) {
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});
