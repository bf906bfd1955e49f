import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { installOnce, isInstalled, testCache } from '../install-once';

/**
 * A program of others that tests run against. It lies in the user's cache, in a folder named after what exactly is
 * installed.
 */
export type Peer = {
  name: string;
  folder: string;
  /** Why it cannot be installed on this machine; null: it can be. */
  obstacle: () => string | null;
  install: (folder: string) => Promise<void>;
};

/**
 * @param name how people call it, and (in small letters, with dashes) its folder
 * @param pins versions and options; where one changes, it is installed again
 */
export function definePeer(name: string, pins: readonly string[], parts: Pick<Peer, 'install' | 'obstacle'>): Peer {
  const digest = createHash('sha256').update(pins.join('\n')).digest('hex').slice(0, 16);
  const folder = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${digest}`;
  return { name, folder: join(testCache(), 'peers', folder), ...parts };
}

/**
 * Tests against a peer: they run where it is installed, and the full run installs it. Elsewhere they are reported as
 * skipped, with the reason in their name.
 * @param tests is given the peer's folder, which is filled before the first test
 */
export function describePeer(peer: Peer, tests: (folder: string) => void): void {
  const isFull = process.env.LOOKTWICE_FULL_TESTS === '1';
  const obstacle = isInstalled(peer.folder) ? null : isFull ? peer.obstacle() : 'npm run test:full installs it';
  if (obstacle !== null) {
    describe.skip(`${peer.name} (not on this machine: ${obstacle})`, () => tests(peer.folder));
    return;
  }
  describe(peer.name, () => {
    const INSTALL_MS = 3_600_000;
    beforeAll(() => installOnce(peer.folder, peer.install), INSTALL_MS);
    tests(peer.folder);
  });
}
