import { statSync, type Stats } from 'node:fs';
import { KnownError } from '@/lib/common/known-error';
import { errorCode } from '@/lib/common/error-code';

/** The database file is not the one that was opened. */
export class DatabaseGoneError extends KnownError {
  static override readonly kind = 'DatabaseGoneError';
  override name = 'DatabaseGoneError';
}

/**
 * Sees that a database file is still the one that was opened. SQLite goes on writing into a file that was deleted,
 * moved or replaced under it, and acknowledges what nobody will ever read again.
 */
export class FileGuard {
  private opened: { dev: number; ino: number; size: number } | undefined;

  constructor(private readonly path: string) {}

  /** Remembers the file as it is now, just opened. */
  remember(): void {
    const { dev, ino, size } = statSync(this.path);
    this.opened = { dev, ino, size };
  }

  /** Costs some microseconds. @throws DatabaseGoneError when the file is gone, another one, or was cut off */
  check(): void {
    if (this.opened === undefined) {
      return;
    }
    let now: Stats;
    try {
      now = statSync(this.path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        throw error;
      }
      throw new DatabaseGoneError('The database file was deleted or moved: put it back and start the server again');
    }
    if (now.dev !== this.opened.dev || now.ino !== this.opened.ino) {
      throw new DatabaseGoneError('The database file was replaced by another one: start the server again');
    }
    if (now.size < this.opened.size) {
      throw new DatabaseGoneError('The database file was cut off: restore a backup and start the server again');
    }
    this.opened.size = now.size;
  }
}
