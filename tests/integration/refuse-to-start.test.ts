import { execFile, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

test.each([
  [{ HOST: '0.0.0.0' }, 'HOST=0.0.0.0 would serve other machines without accounts: set LOOKTWICE_MODE=team'],
  [{ HOST: '::' }, 'HOST=:: would serve other machines without accounts'],
  [{ HOST: '0.0.0.0', LOOKTWICE_MODE: 'open' }, 'would serve other machines without accounts'],
  [{ PORT: 'http' }, 'PORT must be a number'],
])('npm start with %j ends at once and says why', (env, message) => {
  const result = spawnSync(process.execPath, ['scripts/start.mjs'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  expect([result.status, result.stdout]).toEqual([1, '']);
  expect(result.stderr).toContain(message);
});

test.each([
  [['--port', 'http'], '--port must be a number from 1 to 65535, not "http"'],
  [['--port', '70000'], '--port must be a number from 1 to 65535'],
  [['--port='], '--port must be a number from 1 to 65535, not ""'],
  [['--host', '0.0.0.0'], '--host 0.0.0.0 would serve other machines without accounts: set LOOKTWICE_MODE=team'],
  [['--prot', '3001'], "Unknown option '--prot'"],
  [['3001'], "Unexpected argument '3001'"],
  [['--port'], 'npm start [-- --port PORT --host ADDRESS]'],
])('npm start -- %j ends at once and says why', (options, message) => {
  const result = spawnSync(process.execPath, ['scripts/start.mjs', ...options], { encoding: 'utf8' });
  expect([result.status, result.stdout]).toEqual([1, '']);
  expect(result.stderr).toContain(message);
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
});

test('an option wins over the environment: a port that is taken is named', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = address !== null && typeof address === 'object' ? String(address.port) : '';
  try {
    const result = await promisify(execFile)(process.execPath, ['scripts/start.mjs', '--port', port], {
      env: { ...process.env, PORT: 'http' },
    }).catch((error: unknown) => error);
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining(`Port ${port} is in use`) });
  } finally {
    taken.close();
  }
});
