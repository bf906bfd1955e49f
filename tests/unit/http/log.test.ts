import { ArchiveError } from '@/lib/datasets/archives/gatekeeper';
import { DatasetError } from '@/lib/datasets/readers/types';
import { EngineError } from '@/lib/engine/errors';
import { AppError } from '@/lib/http/app-error';
import { describeError } from '@/lib/http/log';

const NAME = 'turbine blade 7.png';
const systemError = Object.assign(new Error(`ENOENT: no such file or directory, open '/srv/${NAME}'`), {
  code: 'ENOENT',
  syscall: 'open',
  path: `/srv/${NAME}`,
});

test.each([
  new DatasetError(`${NAME} cannot be read`),
  new ArchiveError(`${NAME} leads out of the archive`),
  new EngineError('unreadable_image', `${NAME} is cut off`),
  new AppError('conflict', `${NAME} is taken`),
  systemError,
  new Error('outer', { cause: systemError }),
])('the log tells the kind and the place of %p, not the file that it names', (error) => {
  const told = JSON.stringify(describeError(error));
  expect(told).not.toContain('turbine');
  expect(told).toContain(error.name);
  expect(told).toContain('log.test.ts');
});

test('what is about the server itself is told in full', () => {
  for (const error of [
    new Error('no such table: Image'),
    new EngineError('model_unavailable', 'vision.onnx differs'),
  ]) {
    expect(describeError(error)).toMatchObject({ message: error.message });
  }
  expect(describeError(systemError)).toMatchObject({ message: 'open ENOENT', code: 'ENOENT' });
  expect(describeError('text')).toBe('string');
});
