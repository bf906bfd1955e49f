import { EngineError } from '@/lib/engine/errors';
import { KnownError } from '@/lib/common/known-error';
import { AppError } from '@/lib/http/app-error';
import { toAppError } from '@/lib/http/known-errors';
import { DoorError } from '@/lib/openai-door/door-error';

/** The same module once more, as another bundle of the server has it. */
function otherCopy<Module>(path: string): Module {
  let copy: Module | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual(path) as Module;
  });
  if (copy === undefined) {
    throw new Error(`${path} was not loaded`);
  }
  return copy;
}

test('an error that another copy of the module made is recognised, with its code', () => {
  const copy = otherCopy<{ EngineError: typeof EngineError }>('@/lib/engine/errors');
  expect(copy.EngineError).not.toBe(EngineError);
  const error = new copy.EngineError('queue_full', '128 questions are waiting already.');
  expect(error instanceof EngineError).toBe(true);
  expect([toAppError(error).code, toAppError(error).status, toAppError(error).retryAfterSeconds]).toEqual([
    'queue_full',
    503,
    10,
  ]);
});

test('kinds are told apart, and a subclass is of its parent’s kind', () => {
  const door = new DoorError('wrong');
  expect([door instanceof DoorError, door instanceof AppError, door instanceof EngineError]).toEqual([
    true,
    true,
    false,
  ]);
  const app = new AppError('gone', 'It expired');
  expect([app instanceof DoorError, app instanceof AppError, app instanceof Error]).toEqual([false, true, true]);
  for (const value of [null, undefined, 'text', {}, new Error('AppError')]) {
    expect(value instanceof AppError).toBe(false);
  }
});

test('asking for a kind without a name is a mistake that shows', () => {
  class Nameless extends KnownError {}
  expect(() => ({}) instanceof Nameless).toThrow('Nameless needs a kind of its own');
});
