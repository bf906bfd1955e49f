import { prepareAccess } from '@/lib/auth/prepare-access';
import { teamSettings } from '@/lib/auth/settings';
import { useDataDirectory } from '../../support/data-directory';

useDataDirectory();

const TEAM = { LOOKTWICE_URL: 'https://looktwice.example.com', LOOKTWICE_SECRET: 'x'.repeat(32) };
const OIDC = {
  LOOKTWICE_OIDC_ISSUER: 'https://id.example.com/realm/',
  LOOKTWICE_OIDC_CLIENT_ID: 'looktwice',
  LOOKTWICE_OIDC_CLIENT_SECRET: 'hidden-value',
};

afterEach(() => {
  for (const name of ['LOOKTWICE_MODE', ...Object.keys(TEAM)]) {
    delete process.env[name];
  }
});

test.each([
  [['--hostname', '127.0.0.1'], true],
  [['-H', 'localhost'], true],
  [['--hostname', '::1'], true],
  [['--hostname=127.0.0.1', '--port', '3000'], true],
  [['--hostname', '0.0.0.0'], false],
  [['--hostname=::'], false],
  [['-H', '192.168.1.20'], false],
  [['-H', '127.0.0.1.example.com'], false],
  // Next.js listens on all addresses when it is told none.
  [['--port', '3000'], false],
  [['--hostname'], false],
])('local mode listening with %j starts: %s', async (argv, starts) => {
  const prepared = prepareAccess(['node', 'next', 'start', ...argv]);
  if (starts) {
    await expect(prepared).resolves.toBeUndefined();
  } else {
    await expect(prepared).rejects.toThrow(/without accounts: set LOOKTWICE_MODE=team, or listen on 127\.0\.0\.1/);
  }
});

test('team mode listens anywhere, once it has its settings', async () => {
  process.env.LOOKTWICE_MODE = 'team';
  await expect(prepareAccess(['--hostname', '0.0.0.0'])).rejects.toThrow('LOOKTWICE_URL');
  Object.assign(process.env, TEAM);
  await expect(prepareAccess(['--hostname', '0.0.0.0'])).resolves.toBeUndefined();
});

test('a mode that does not exist is not taken for local', async () => {
  process.env.LOOKTWICE_MODE = 'Team';
  await expect(prepareAccess(['--hostname', '127.0.0.1'])).rejects.toThrow('LOOKTWICE_MODE must be local or team');
});

test.each([
  [{ ...TEAM, LOOKTWICE_SECRET: 'short' }, 'LOOKTWICE_SECRET must have at least 32 characters'],
  [{ LOOKTWICE_URL: TEAM.LOOKTWICE_URL }, 'LOOKTWICE_SECRET is not set'],
  [{ ...TEAM, LOOKTWICE_URL: 'looktwice.example.com' }, 'LOOKTWICE_URL must be an address'],
  [{ ...TEAM, LOOKTWICE_URL: 'javascript:alert(1)' }, 'LOOKTWICE_URL must be an address'],
  [{ ...TEAM, ...OIDC, LOOKTWICE_OIDC_CLIENT_ID: undefined }, 'LOOKTWICE_OIDC_CLIENT_ID is not set'],
  [{ ...TEAM, ...OIDC, LOOKTWICE_OIDC_ROLE: 'admin' }, 'LOOKTWICE_OIDC_ROLE'],
])('names the setting that is wrong, and no value: %#', (env, message) => {
  const read = () => teamSettings(env);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/hidden-value/);
});

test('single sign-on is off without an issuer', () => {
  expect(teamSettings(TEAM).oidc).toBeNull();
  expect(teamSettings({ ...TEAM, ...OIDC }).oidc).toMatchObject({
    issuer: 'https://id.example.com/realm',
    role: null,
  });
});
