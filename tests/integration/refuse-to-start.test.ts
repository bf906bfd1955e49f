import { spawnSync } from 'node:child_process';

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
