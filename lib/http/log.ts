import pino from 'pino';
import { setting } from '../env';

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

/** JSON lines on stderr. Bodies, questions and file names are never logged: they belong to the user. */
export const log = pino({ level: level(), base: null }, destination);
