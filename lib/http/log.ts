import pino from 'pino';
import { EngineError } from '../engine/errors';
import { setting } from '../env';
import { AppError } from './app-error';

const destination = pino.destination({ dest: 2, sync: true });
destination.on('error', () => {
  // A log that cannot be written (its disk is full) is lost; requests must not be.
});

/** The chosen level; a wrong one is reported by the check at start, not while this module loads. */
function level(): string {
  try {
    return setting('LOOKTWICE_LOG_LEVEL') ?? (setting('NODE_ENV') === 'test' ? 'silent' : 'info');
  } catch {
    return 'info';
  }
}

/** Codes of our own errors whose sentence is about the server and not about somebody's files. */
const ABOUT_THE_SERVER: readonly unknown[] = ['internal', 'model_unavailable', 'queue_full', 'shutting_down'];

/**
 * What may be said about an error beside its kind: sentences for people may name their files, and system errors name
 * paths, which may be those of their files too.
 */
function sentenceOf(error: Error): string | undefined {
  if ('path' in error) {
    return [Reflect.get(error, 'syscall'), Reflect.get(error, 'code')].join(' ');
  }
  const isForPeople = error instanceof AppError || error instanceof EngineError || isAboutFiles(error);
  return isForPeople && !ABOUT_THE_SERVER.includes(Reflect.get(error, 'code')) ? undefined : error.message;
}

/** Errors of data sets: each names a file or an annotation. */
const isAboutFiles = ({ name }: Error): boolean => ['DatasetError', 'ArchiveError', 'ShapeError'].includes(name);

/** An error as the log has it: where it came from and of which kind it is, with its causes. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return typeof error;
  }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    code: Reflect.get(error, 'code') as unknown,
    message: sentenceOf(error),
    stack: frames.join('\n'),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}

/** JSON lines on stderr. Bodies, questions and file names are never logged: they belong to the user. */
export const log = pino({ level: level(), base: null, serializers: { err: describeError } }, destination);
