import { removeServed, type Served } from '../support/served';

type ServedGlobal = typeof globalThis & { looktwiceServed?: Served[] };

export default async function globalTeardown(): Promise<void> {
  for (const served of (globalThis as ServedGlobal).looktwiceServed ?? []) {
    await removeServed(served);
  }
}
