import { prismaAdapter } from 'better-auth/adapters/prisma';
import { database } from './client';
import { postgresqlUrl } from './kind';

/** Where better-auth keeps users, sessions and accounts: our own tables. */
export function authStore(): ReturnType<typeof prismaAdapter> {
  return prismaAdapter(database(), { provider: postgresqlUrl() === undefined ? 'sqlite' : 'postgresql' });
}
