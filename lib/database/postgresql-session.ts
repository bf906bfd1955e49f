import type { Client } from 'pg';
import { messageOf } from '@/lib/common/message-of';
import { withoutPassword } from './kind';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A connection of its own to a PostgreSQL database, for what Prisma does not do. The caller ends it. @throws Error
 * saying what to do
 */
export async function openSession(url: string): Promise<Client> {
  const { Client } = await import('pg');
  const session = new Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'looktwice',
  });
  try {
    await session.connect();
    // A lost connection is told by the next query; without a listener it would end the process.
    session.on('error', () => undefined);
    return session;
  } catch (error) {
    throw new Error(
      `The database ${withoutPassword(url)} (DATABASE_URL) cannot be reached: ${messageOf(error)}. Start it, or correct the address`,
      { cause: error },
    );
  }
}
