import { ensureRuntime } from '../../scripts/bootstrap.mjs';
import { startPostgresql } from '../support/postgresql-server.mjs';

/** A PostgreSQL server for all tests of the project; the workers take its address from the environment. */
export default async function start() {
  await ensureRuntime();
  const server = await startPostgresql();
  process.env.LOOKTWICE_TEST_POSTGRESQL = server.url;
  globalThis.looktwicePostgresql = server;
}
