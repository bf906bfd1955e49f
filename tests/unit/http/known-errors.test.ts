import { errorStatus } from '@/lib/contract';
import { EngineError } from '@/lib/engine/errors';
import { AppError } from '@/lib/http/app-error';
import { toAppError } from '@/lib/http/known-errors';
import { BlobMissingError, TooManyBytesError } from '@/lib/storage/blob-store';

test.each([
  [new AppError('gone', 'It expired'), 'gone', 'It expired'],
  [new EngineError('unreadable_image', 'The image is cut off.'), 'unreadable_image', 'The image is cut off.'],
  [new EngineError('internal', 'worker path /root/x'), 'internal', 'The engine failed: try again'],
  [new TooManyBytesError(10), 'body_too_large', 'The file has more than 10 bytes: send a smaller one'],
  [
    Object.assign(new Error('write ENOSPC /data/x'), { code: 'ENOSPC' }),
    'disk_full',
    'The disk of the server is full: free some space and try again',
  ],
  [
    Object.assign(new Error('SQLITE_FULL: database or disk is full'), { code: 'SQLITE_FULL' }),
    'disk_full',
    'The disk of the server is full: free some space and try again',
  ],
  [
    Object.assign(new Error('EROFS: read-only file system, open /data/x'), { code: 'EROFS' }),
    'disk_full',
    'The server cannot write to its data directory: nothing was stored',
  ],
  [
    Object.assign(new Error('SQLITE_READONLY: attempt to write a readonly database'), { code: 'SQLITE_READONLY' }),
    'database_unavailable',
    'The database of the server cannot be used: its log says why; nothing was stored',
  ],
  [
    new BlobMissingError('abc'),
    'gone',
    'The file of this image is missing on the server: restore a backup of its data',
  ],
  [new Error('secret'), 'internal', 'Something went wrong on the server: try again, and look into its log if it stays'],
  ['a string', 'internal', 'Something went wrong on the server: try again, and look into its log if it stays'],
])('%s', (thrown, code, message) => {
  const error = toAppError(thrown);
  expect([error.code, error.message, error.status]).toEqual([code, message, errorStatus[error.code]]);
});

test('says when to try again', () => {
  expect(toAppError(new EngineError('queue_full', 'Full.')).retryAfterSeconds).toBeGreaterThan(0);
});
