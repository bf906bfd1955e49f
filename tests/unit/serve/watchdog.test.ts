import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWatchdog } from '@/lib/serve/watchdog';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'looktwice-watchdog-'));
  // Stands in for systemd's program, and notes what it is told.
  const program = join(directory, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\necho "$1" >> ${join(directory, 'told')}\n`);
  chmodSync(program, 0o755);
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('under systemd it tells again and again that it is alive', async () => {
  const PATH = `${directory}:/usr/bin:/bin`;
  const stop = startWatchdog({ PATH, NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '20000' });
  const told = () => (existsSync(join(directory, 'told')) ? readFileSync(join(directory, 'told'), 'utf8') : '');
  while (told().split('\n').length < 3) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stop();
  expect(told()).toMatch(/^(WATCHDOG=1\n)+$/);
});

test('elsewhere it does nothing', async () => {
  startWatchdog({})();
  startWatchdog({ NOTIFY_SOCKET: '/run/systemd/notify' })();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(existsSync(join(directory, 'told'))).toBe(false);
});
