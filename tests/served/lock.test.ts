import { spawn, spawnSync } from 'node:child_process';
import {
  freePort,
  newData,
  removeServed,
  send,
  sharedServer,
  startEnvironment,
  startServed,
  stopServed,
} from '../support/served';

const local = sharedServer('local');

// Each start waits for the database and the bundle; on a busy machine that takes its time.
jest.setTimeout(180_000);

it('a second server on the same data directory does not start, and says who holds it', async () => {
  const port = await freePort();
  const second = spawnSync(process.execPath, ['scripts/start.mjs', '--port', String(port)], {
    env: startEnvironment(local.data, port),
    encoding: 'utf8',
  });
  expect([second.status, second.stdout]).toEqual([1, '']);
  expect(second.stderr.trim()).toMatch(
    new RegExp(`is in use by the server on port ${new URL(local.url).port} \\(process \\d+, since .*stop it first`),
  );
  expect((await send(local.url, '/healthz')).status).toBe(200);
});

it('`db restore` leaves the data of a running server alone, and says who holds it', () => {
  const restore = spawnSync(process.execPath, ['bin/looktwice.mjs', 'db', 'restore', local.data], {
    env: startEnvironment(local.data, 1),
    encoding: 'utf8',
  });
  expect([restore.status, restore.stdout]).toEqual([1, '']);
  expect(restore.stderr).toMatch(/is in use by the server on port \d+/);
});

it('starts again after kill -9 on the same directory, also one whose name means something in a URL', async () => {
  const data = `${newData()} #1 50%?`;
  const first = await startServed({ data });
  await stopServed(first, 'SIGKILL');
  const again = await startServed({ data });
  expect((await send(again.url, '/api/conversations')).status).toBe(200);
  await removeServed(again);
});

it('ends when the npm that started it is killed outright, and frees the port', async () => {
  const [data, port] = [newData(), await freePort()];
  const npm = spawn('npm', ['start', '--', '--port', String(port)], {
    env: startEnvironment(data, port),
    stdio: 'ignore',
  });
  const isUp = () =>
    send(`http://127.0.0.1:${port}`, '/healthz').then(
      ({ status }) => status === 200,
      () => false,
    );
  while (!(await isUp())) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  npm.kill('SIGKILL');
  while (await isUp()) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const again = await startServed({ data, port });
  await removeServed(again);
});
