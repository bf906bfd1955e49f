import { DoorError } from '@/lib/openai-door/door-error';
import { readChatRequest, readResponsesRequest } from '@/lib/openai-door/read-request';

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=';

const post = (body: unknown) =>
  new Request('http://127.0.0.1/v1', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const chat = (extra: Record<string, unknown> = {}, content: unknown = 'Is it fine?') =>
  readChatRequest(post({ model: 'looktwice', messages: [{ role: 'user', content }], ...extra }));
const responses = (extra: Record<string, unknown>) =>
  readResponsesRequest(post({ model: 'looktwice', input: 'Hi', ...extra }));

async function refusal(work: Promise<unknown>): Promise<[string | undefined, string]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DoorError) {
      expect(error.status).toBe(400);
      return [error.param, error.message];
    }
    throw error;
  }
  return [undefined, 'accepted'];
}

test('a conversation becomes turns; instructions are passed over and told', async () => {
  const { question } = await readChatRequest(
    post({
      model: 'looktwice',
      messages: [
        { role: 'system', content: 'You are a pirate.' },
        { role: 'user', content: 'Look at this.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'And compare.' },
            { type: 'image_url', image_url: { url: PIXEL, detail: 'high' } },
            { type: 'image_url', image_url: { url: PIXEL }, looktwice: { role: 'reference' } },
          ],
        },
        { role: 'assistant', content: null },
        { role: 'user', content: 'What now?' },
      ],
      stop: '\n',
      max_tokens: 5000,
      seed: -1,
      temperature: 0.5,
      tools: [{ type: 'function', function: { name: 'f' } }],
      frequency_penalty: 0.2,
      presence_penalty: 0,
    }),
  );
  expect(question.messages.map(({ role, text, images }) => [role, text, images.map((image) => image.role)])).toEqual([
    ['user', 'Look at this.\nAnd compare.', ['subject', 'reference']],
    ['assistant', '', []],
    ['user', 'What now?', []],
  ]);
  expect(question.settings).toEqual({ temperature: 0.5, seed: 4294967295, maxTokens: 1024 });
  expect(question.stop).toEqual(['\n']);
  expect(question.ignored).toEqual(['tools', 'frequency_penalty', 'messages.0']);
});

test.each([
  ['functions', { functions: [{ name: 'f' }] }, 'functions'],
  ['a tool that must be called', { tools: [{}], tool_choice: 'required' }, 'tool_choice'],
  ['several answers', { n: 2 }, 'n'],
  ['log probabilities', { logprobs: true }, 'logprobs'],
  ['audio', { modalities: ['text', 'audio'] }, 'modalities'],
  ['a temperature out of range', { temperature: 3 }, 'temperature'],
  ['five stop sequences', { stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
  ['no tokens', { max_tokens: 0 }, 'max_tokens'],
  ['no model', { model: undefined }, 'model'],
  ['no messages', { messages: [] }, 'messages'],
  ['a last word of the assistant', { messages: [{ role: 'assistant', content: 'Well' }] }, 'messages.0'],
  ['a tool’s result', { messages: [{ role: 'tool', content: '1', tool_call_id: 'x' }] }, 'messages.0.role'],
  ['a call of a tool', { messages: [{ role: 'assistant', content: null, tool_calls: [{}] }] }, 'messages.0'],
  ['an empty question', { messages: [{ role: 'user', content: ' ' }] }, 'messages.0'],
  [
    'a schema of its own',
    { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'array' } } } },
    'response_format.json_schema.schema',
  ],
])('chat: %s is refused, naming the field', async (_what, extra, param) => {
  const [named, message] = await refusal(chat(extra));
  expect(named).toBe(param);
  expect(message).not.toMatch(/\[object/);
});

test('a picture from the web is refused, naming its place', async () => {
  const [param, message] = await refusal(
    chat({}, [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }]),
  );
  expect(param).toBe('messages.0.content.0.image_url.url');
  expect(message).toMatch(/this server fetches nothing/);
});

test('what is longer than the context is told by the code that clients know', async () => {
  const error = await chat({}, 'x'.repeat(9000)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ openAiCode: 'context_length_exceeded', param: 'messages.0', status: 400 });
});

test.each([
  ['an answer that was never stored', { previous_response_id: 'resp_1' }, 'previous_response_id'],
  ['work in the background', { background: true }, 'background'],
  ['the output of a function', { input: [{ type: 'function_call_output', call_id: 'x', output: '' }] }, 'input.0.type'],
  [
    'a picture from the web',
    { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'http://a/b' }] }] },
    'input.0.content.0.image_url',
  ],
  [
    'a picture by the id of a file',
    { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] },
    'input.0.content.0.image_url',
  ],
])('responses: %s is refused, naming the field', async (_what, extra, param) => {
  expect((await refusal(responses(extra)))[0]).toBe(param);
});

test('responses: text, messages and instructions are read', async () => {
  const { question } = await responses({
    instructions: 'Be brief.',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'A' },
          { type: 'input_image', image_url: PIXEL, detail: 'auto' },
        ],
      },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'B', annotations: [] }] },
      { role: 'user', content: 'C' },
    ],
    text: { format: { type: 'json_object' } },
    max_output_tokens: 20,
  });
  expect(question.messages.map(({ role, text, images }) => [role, text, images.length])).toEqual([
    ['user', 'A', 1],
    ['assistant', 'B', 0],
    ['user', 'C', 0],
  ]);
  expect(question).toMatchObject({
    format: { type: 'json', schema: null },
    settings: { maxTokens: 20 },
    ignored: ['instructions'],
  });
});
