import { DatasetError } from '../../readers/types';
import { EngineError, type EngineErrorCode } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { errorCode } from '@/lib/common/error-code';
import type { PreparedItem } from '../prepare-item';
import type { ImportProblem } from '../types';
import type { Listed, SetSource } from './set-reader';

/** What the reader's process is asked, one thing after the other. */
export type ReaderRequest =
  | { kind: 'list'; source: SetSource }
  | { kind: 'prepare'; position: number; count: number }
  | { kind: 'settle'; left: readonly string[] };

/** How an error gets from one process to another. `person`: its sentence is meant for whoever imports. */
export type SentError = { message: string; code: string | null; person: boolean };

export type ReaderMessage =
  | { kind: 'beat' }
  /** What is read now, as the set names it. */
  | { kind: 'at'; file: string }
  | { kind: 'listed'; listed: Listed }
  | { kind: 'prepared'; items: PreparedItem[] }
  | { kind: 'settled'; problems: ImportProblem[] }
  | { kind: 'failed'; error: SentError };

/** Exit code of a process that found itself above its memory limit. */
export const OUT_OF_MEMORY_EXIT = 86;

export function packError(error: unknown): SentError {
  const person = error instanceof Error && ['DatasetError', 'ArchiveError', 'ShapeError'].includes(error.name);
  return { message: messageOf(error), code: errorCode(error) ?? null, person };
}

const ENGINE_CODES: readonly EngineErrorCode[] = [
  'image_too_large',
  'image_too_many_pixels',
  'unsupported_image',
  'unreadable_image',
  'invalid_request',
  'not_found',
  'cancelled',
  'internal',
];

/** The error as it was, as far as anybody asks: its kind, and the code of the system or the engine. */
export function unpackError({ message, code, person }: SentError): Error {
  if (person) {
    return new DatasetError(message);
  }
  const engineCode = ENGINE_CODES.find((known) => known === code);
  if (engineCode !== undefined) {
    return new EngineError(engineCode, message);
  }
  return Object.assign(new Error(message), code !== null && { code });
}
