import { newId } from '@/lib/contract/ids';
import { makePng } from '../support/images';
import { codeOf, send, sharedServer } from '../support/served';

const { url } = sharedServer('local');
const json = { 'content-type': 'application/json' };

const post = (path: string, body: unknown) =>
  send(url, path, { method: 'POST', headers: json, body: JSON.stringify(body) });

it.each([
  [
    'an image that is none',
    '/api/images',
    'no image at all, but more than enough letters '.repeat(20),
    415,
    'unsupported_image',
  ],
  ['a damaged image', '/api/images', 'damaged', 422, 'unreadable_image'],
])(
  '%s is refused by its code, although the engine’s module is another copy',
  async (_what, path, text, status, code) => {
    const png = await makePng(3, 64, 48);
    const body = text === 'damaged' ? Buffer.concat([png.subarray(0, 60), Buffer.alloc(400, 7)]) : Buffer.from(text);
    const answer = await send(url, path, { method: 'POST', body });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  },
);

it('a question that is too long for the model says so on /v1', async () => {
  const models = JSON.parse((await send(url, '/v1/models')).text) as { data: { id: string }[] };
  const picture = (await makePng(5, 64, 48)).toString('base64');
  const content = [
    { type: 'image_url', image_url: { url: `data:image/png;base64,${picture}` } },
    { type: 'text', text: 'Is the seam straight here? '.repeat(290) },
  ];
  const turns = Array.from({ length: 6 }, () => [
    { role: 'user', content },
    { role: 'assistant', content: 'It is straight. '.repeat(200) },
  ]).flat();
  const answer = await post('/v1/chat/completions', {
    model: models.data[0]?.id,
    max_tokens: 1,
    messages: [...turns, { role: 'user', content }],
  });
  expect(answer.status).toBe(400);
  expect(answer.text).not.toContain('Something went wrong');
});

it('a full queue is 503 with Retry-After on every door', async () => {
  const stop = new AbortController();
  const models = JSON.parse((await send(url, '/v1/models')).text) as { data: { id: string }[] };
  const picture = (await makePng(6, 64, 48)).toString('base64');
  const question = [
    { type: 'image_url', image_url: { url: `data:image/png;base64,${picture}` } },
    { type: 'text', text: 'Any defects?' },
  ];
  const chat = { model: models.data[0]?.id, stream: true, messages: [{ role: 'user', content: question }] };
  const asked = Array.from({ length: 170 }, () =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify(chat),
      signal: stop.signal,
    }).catch(() => null),
  );
  try {
    // The first that is refused: the others wait, and answers come slower than questions.
    const refused = await Promise.any(
      asked.map(async (each) => {
        const answer = await each;
        return answer?.status === 503 ? answer : Promise.reject(new Error('not refused'));
      }),
    );
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ error: { code: 'queue_full', type: 'server_error' } });
    const params = { name: 'inspect', arguments: { image: { data: picture } } };
    const doors: [string, unknown][] = [
      ['/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params }],
      [
        '/api/chat',
        {
          trigger: 'submit',
          conversationId: newId(),
          message: { id: newId(), role: 'user', parts: [{ type: 'text', text: 'Any defects?' }] },
        },
      ],
    ];
    for (const [path, body] of doors) {
      const answer = await post(path, body);
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 503, 'queue_full']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
  } finally {
    stop.abort();
    await Promise.all(asked);
  }
});
