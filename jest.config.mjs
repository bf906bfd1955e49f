const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic' } },
      target: 'es2022',
    },
    module: { type: 'commonjs' },
  },
];

const common = {
  moduleNameMapper: { '^@/(.*)$': '<rootDir>/$1', '^fast-check$': '<rootDir>/tests/setup/fast-check.cjs' },
  // A build that runs meanwhile writes and removes files there.
  modulePathIgnorePatterns: ['<rootDir>/.next/'],
  transform: { '^.+\\.(mjs|(t|j)sx?)$': swc },
};

/** Packages that ship ES modules only and are therefore transformed in the node tests. */
const esmOnly = [
  ...['ai', '@ai-sdk', '@huggingface', 'eventsource-parser', 'nanoid'],
  ...['better-auth', '@better-auth', 'better-call', '@better-fetch', '@noble', 'jose', 'nanostores', 'defu', 'rou3'],
];

const node = (name, folder) => ({
  ...common,
  displayName: name,
  testEnvironment: '<rootDir>/tests/setup/node-environment.cjs',
  // Wrapping every global after each file makes later files of the same worker overflow the stack; workers are replaced
  // when they grow.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  testMatch: [`<rootDir>/tests/${folder}/**/*.test.ts`],
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
});

/**
 * What runs a second time on PostgreSQL: the tests of everything that is stored, without those of the SQLite file
 * itself and those that spend their minutes on a model or on pictures, of which the database has no part.
 */
const stored = [
  ...[
    'api-conversations',
    'api-datasets',
    'api-durability',
    'api-shares',
    'dataset-batch',
    'dataset-names',
    'dataset-purge',
  ],
  ...['import-cases', 'import-members', 'part-durability', 'purge', 'quotas', 'reviews', 'set-drafts', 'sweep-files'],
  ...['team-accounts', 'team-sessions', 'team-shares'],
].map((name) => `integration/${name}`);
const storedUnits = ['auth/prepare-access', 'auth/routes', 'metrics/metrics'].map((name) => `unit/${name}`);

/** @type {import('jest').Config} */
export default {
  // Two cores: a worker beside the main process; each test that runs a model uses its own threads.
  maxWorkers: '50%',
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 60_000,
  projects: [
    node('unit', 'unit'),
    { ...node('integration', 'integration'), globalSetup: '<rootDir>/tests/setup/build-runtime.mjs' },
    {
      ...node('postgresql', 'postgresql'),
      testMatch: ['postgresql/**/*', ...stored, ...storedUnits].map((path) => `<rootDir>/tests/${path}.test.ts`),
      globals: { onPostgresql: true },
      globalSetup: '<rootDir>/tests/setup/postgresql.mjs',
      globalTeardown: '<rootDir>/tests/setup/postgresql-stop.mjs',
    },
    {
      ...node('served', 'served'),
      globalSetup: '<rootDir>/tests/served/global-setup.ts',
      globalTeardown: '<rootDir>/tests/served/global-teardown.ts',
    },
    {
      ...node('e2e', 'e2e'),
      globalSetup: '<rootDir>/tests/e2e/support/global-setup.ts',
      globalTeardown: '<rootDir>/tests/e2e/support/global-teardown.ts',
    },
    {
      ...common,
      displayName: 'dom',
      testEnvironment: '<rootDir>/tests/setup/dom-environment.cjs',
      setupFilesAfterEnv: ['<rootDir>/tests/setup/dom.ts'],
      testMatch: ['<rootDir>/tests/unit/**/*.test.tsx'],
      moduleNameMapper: { ...common.moduleNameMapper, '\\.css$': '<rootDir>/tests/setup/empty-style.cjs' },
      transformIgnorePatterns: ['/node_modules/(jsdom|@swc|react-dom|react|@testing-library|@jest|jest-.*|dedent)/'],
    },
  ],
};
