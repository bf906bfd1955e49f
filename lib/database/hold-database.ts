import type { Client } from 'pg';
import { postgresqlUrl, withoutPassword } from './kind';
import { LOCKS } from './postgresql-adapter';
import { openSession } from './postgresql-session';

const RETRY_MS = 2_000;

// Kept outside the module: it must not be collected as garbage.
const holder = globalThis as typeof globalThis & { looktwiceHeld?: { url: string; session: Client } };

/** Takes the lock in a session of its own; the server gives it up with the connection. */
async function tryHold(url: string): Promise<Client | null> {
  const session = await openSession(url);
  const { rows } = await session.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(${LOCKS.serve}) AS held`);
  if (rows[0]?.held !== true) {
    await session.end();
    return null;
  }
  return session;
}

function keep(url: string, session: Client, lost: (message: string) => void): void {
  holder.looktwiceHeld = { url, session };
  session.once('end', () => {
    if (holder.looktwiceHeld?.session === session) {
      void holdAgain(url, lost);
    }
  });
}

/** After the database was away: goes on when nobody else has taken it meanwhile. */
async function holdAgain(url: string, lost: (message: string) => void): Promise<void> {
  for (;;) {
    await new Promise((done) => setTimeout(done, RETRY_MS).unref());
    try {
      const session = await tryHold(url);
      if (session === null) {
        lost(inUse(url));
        return;
      }
      keep(url, session, lost);
      return;
    } catch {
      // Still away. What people ask for meanwhile is answered with an error of its own, and logged.
    }
  }
}

const inUse = (url: string): string =>
  `${withoutPassword(url)} is in use by another server: stop that one first. Several servers on one database need the same data directory and are not possible yet`;

/**
 * Keeps servers away from a PostgreSQL database until the returned function is called. @throws Error when one is there
 */
export async function holdPostgresql(url: string): Promise<() => Promise<void>> {
  const session = await tryHold(url);
  if (session === null) {
    throw new Error(inUse(url));
  }
  return () => session.end();
}

/** Whether a server, or somebody who keeps servers away, works with a PostgreSQL database. */
export async function isPostgresqlHeld(url: string): Promise<boolean> {
  const session = await tryHold(url);
  await session?.end();
  return session === null;
}

/**
 * Makes this process the only server of the PostgreSQL database of DATABASE_URL, until it ends; nothing to do with
 * SQLite, whose data directory is held (directory-lock.ts).
 * @param lost called when another server took the database while the connection was away
 * @throws Error when another server has it
 */
export async function holdDatabase(lost: (message: string) => void): Promise<void> {
  const url = postgresqlUrl();
  if (url === undefined || holder.looktwiceHeld !== undefined) {
    return;
  }
  const session = await tryHold(url);
  if (session === null) {
    throw new Error(inUse(url));
  }
  keep(url, session, lost);
}

/** Lets go of the database before the process ends. */
export async function releaseDatabase(): Promise<void> {
  const held = holder.looktwiceHeld;
  delete holder.looktwiceHeld;
  await held?.session.end();
}
