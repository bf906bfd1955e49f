import { AppError } from '@/lib/http/app-error';
import { doorErrorBody } from '@/lib/openai-door/door-error';
import { streamAnswer } from '@/lib/openai-door/sse';

const request = () => new Request('http://127.0.0.1/v1', { method: 'POST' });
const fail = jest.fn();

test('what is refused before the first sign of life is refused with its own status', async () => {
  const full = new AppError('queue_full', 'Full: try again', { retryAfterSeconds: 10 });
  await expect(streamAnswer(request(), { run: () => Promise.reject(full), fail })).rejects.toBe(full);
  expect(fail).not.toHaveBeenCalled();
});

test('an error after it is told in the stream, which then ends', async () => {
  const response = await streamAnswer(request(), {
    async run(write, started) {
      started();
      write.data({ piece: 1 });
      write.comment('looking 1/5');
      await Promise.resolve();
      throw new AppError('model_unavailable', 'The model is gone: try again');
    },
    fail: (write, error) => write.data(doorErrorBody(error, 'r1')),
  });
  const text = await response.text();
  expect(text.split('\n\n').slice(0, 2)).toEqual(['data: {"piece":1}', ': looking 1/5']);
  expect(text).toContain('"type":"server_error","param":null,"code":"model_unavailable","request_id":"r1"');
  expect(text).not.toContain('[DONE]');
});

test('who stops reading ends the work', async () => {
  const ended = new Promise<boolean>((resolve) => {
    void streamAnswer(request(), {
      run: (_write, started, signal) =>
        new Promise((_go, reject) => {
          started();
          signal.addEventListener('abort', () => {
            resolve(true);
            reject(new Error('cancelled'));
          });
        }),
      fail,
    }).then((response) => response.body?.cancel());
  });
  expect(await ended).toBe(true);
  expect(fail).not.toHaveBeenCalled();
});

test.each([
  ['unauthorized', 401, 'invalid_request_error', 'invalid_api_key'],
  ['forbidden', 403, 'permission_error', 'forbidden'],
  ['too_many_requests', 429, 'rate_limit_error', 'rate_limit_exceeded'],
  ['queue_full', 503, 'server_error', 'queue_full'],
  ['unreadable_image', 422, 'invalid_request_error', 'unreadable_image'],
] as const)('%s has the shape of OpenAI’s errors', (code, status, type, named) => {
  const error = new AppError(code, 'A sentence');
  expect(error.status).toBe(status);
  expect(doorErrorBody(error, 'r').error).toEqual({
    message: 'A sentence',
    type,
    param: null,
    code: named,
    request_id: 'r',
  });
});
