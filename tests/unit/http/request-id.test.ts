import { AppError } from '@/lib/http/app-error';
import { nameRequest, requestIdOf } from '@/lib/http/request-id';
import { route } from '@/lib/handler/route';
import { call } from '../../support/request';

const GIVEN = '0f8fad5b-d9cb-469f-a165-70867728950e';

test('the id that the server gave a request is in the answer and in the body of a refusal', async () => {
  const handler = route({ access: 'public' }, () => {
    throw new AppError('conflict', 'It has changed');
  });
  const answer = await call(handler, '/api/x', { headers: { 'x-request-id': GIVEN } });
  expect(answer.headers.get('x-request-id')).toBe(GIVEN);
  expect(await answer.json()).toEqual({ error: { code: 'conflict', message: 'It has changed', requestId: GIVEN } });
});

test('what is no id of ours is replaced: nothing that a client writes gets into the log by it', () => {
  const of = (value: string) => requestIdOf(new Headers({ 'x-request-id': value }));
  expect(of(GIVEN)).toBe(GIVEN);
  for (const value of ['x', `${GIVEN} "injected"`, GIVEN.toUpperCase()]) {
    expect(of(value)).toMatch(/^[0-9a-f-]{36}$/);
    expect(of(value)).not.toBe(value);
  }
});

test('only a failure of the server names its request to people', () => {
  const wrong = new AppError('invalid_request', 'The field is wrong');
  expect(nameRequest(wrong, GIVEN)).toBe(wrong);
  const failed = nameRequest(new AppError('internal', 'Something went wrong'), GIVEN);
  expect([failed.code, failed.message]).toEqual(['internal', `Something went wrong (request ${GIVEN})`]);
  expect(nameRequest(failed, undefined)).toBe(failed);
});
