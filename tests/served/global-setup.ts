import { TEAM, buildAll, startServed, type Served } from '../support/served';

type ServedGlobal = typeof globalThis & { looktwiceServed?: Served[] };

/** Builds what is out of date and serves it twice for all files of the project, without accounts and with them. */
export default async function globalSetup(): Promise<void> {
  buildAll();
  const local = await startServed({ until: 'ready' });
  const team = await startServed({ settings: TEAM });
  for (const [name, { url, data, log }] of Object.entries({ LOCAL: local, TEAM: team })) {
    process.env[`SERVED_${name}`] = JSON.stringify({ url, data, log });
  }
  (globalThis as ServedGlobal).looktwiceServed = [local, team];
}
