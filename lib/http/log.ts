import pino from 'pino';

const destination = pino.destination({ dest: 2, sync: true });
destination.on('error', () => {
  // A log that cannot be written (its disk is full) is lost; requests must not be.
});

/** JSON lines on stderr. Bodies, questions and file names are never logged: they belong to the user. */
export const log = pino(
  { level: process.env.LOOKTWICE_LOG_LEVEL ?? (process.env.NODE_ENV === 'test' ? 'silent' : 'info'), base: null },
  destination,
);
