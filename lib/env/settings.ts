import { z } from 'zod';

/** Who reads a setting: the headings of the table in ARCHITECTURE.md and of `.env.example`, in this order. */
export const groups = {
  server: 'The server',
  team: 'Team mode',
  files: 'Where files are',
  model: 'The model',
  tests: 'Tests and training',
  internal: 'Set by the programs themselves',
} as const;

type Setting = {
  /** Parses a value that is set; an unset one gives `undefined`. A message completes the sentence "NAME …". */
  schema: z.ZodType<string | number | boolean, string>;
  group: keyof typeof groups;
  /** One sentence for the documentation. */
  summary: string;
  /** What holds when it is not set, in words. */
  unset: string;
  /** A value to show in `.env.example`. */
  example?: string;
};

const text = z.string();
const flag = z.enum(['0', '1'], { error: 'must be 0 or 1' }).transform((value) => value === '1');
const webAddress = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' });
const postgresqlAddress = z.url({
  protocol: /^postgres(ql)?$/,
  error:
    'must be an address of PostgreSQL such as postgres://user:password@host:5432/looktwice; unset it to use SQLite',
});
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const THREADS = { min: 1, max: 64 } as const;

const UNITS = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** "500 MB", "2GB": bytes. */
const size = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,3})? ?(MB|GB|TB)$/, 'must be a size such as 500MB, 20GB or 1.5TB')
  .transform((text) => Number.parseFloat(text) * UNITS[text.slice(-2) as keyof typeof UNITS]);

function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error });
}

/**
 * Every environment variable that the program, its scripts or its tests read. Nothing else reads `process.env`
 * (the linter sees to it); `npm run docs:env` writes the table of ARCHITECTURE.md and `.env.example` from this one.
 */
export const settings = {
  HOST: {
    schema: text,
    group: 'server',
    summary: 'The address to listen on; `npm start -- --host` wins. Without accounts only loopback is allowed.',
    unset: '127.0.0.1',
  },
  PORT: {
    schema: text,
    group: 'server',
    summary: 'The port to listen on; `npm start -- --port` wins.',
    unset: '3000',
  },
  LOOKTWICE_MODE: {
    schema: z.enum(['local', 'team'], { error: 'must be local or team' }),
    group: 'server',
    summary: '`local`: one owner, no login, this machine only. `team`: accounts, see docs/security.md.',
    unset: 'local',
  },
  LOOKTWICE_PROXY: {
    schema: flag,
    group: 'server',
    summary: '1 when a reverse proxy in front sets `X-Forwarded-For`; otherwise the header is ignored.',
    unset: '0',
  },
  LOOKTWICE_LOG_LEVEL: {
    schema: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }),
    group: 'server',
    summary: `How much is logged to stderr: ${logLevels.join(', ')}.`,
    unset: 'info',
  },
  LOOKTWICE_METRICS_TOKEN: {
    schema: text.min(16, 'must have at least 16 characters, e.g. from `openssl rand -base64 24`'),
    group: 'team',
    summary: 'What Prometheus sends as `Authorization: Bearer` to read `/metrics`.',
    unset: 'no `/metrics` with accounts',
  },
  LOOKTWICE_URL: {
    schema: webAddress,
    group: 'team',
    summary: 'The address that people open. Required.',
    unset: 'none',
    example: 'https://looktwice.example.com',
  },
  LOOKTWICE_SECRET: {
    schema: text.min(32, 'must have at least 32 characters, e.g. from `openssl rand -base64 32`'),
    group: 'team',
    summary: 'Signs session cookies: at least 32 random characters. Required.',
    unset: 'none',
  },
  LOOKTWICE_SECRET_OLD: {
    schema: text.min(32, 'must be the LOOKTWICE_SECRET of before, which has at least 32 characters'),
    group: 'team',
    summary: 'The secret before the present one: sessions that it signed go on. See docs/operation.md.',
    unset: 'none',
  },
  LOOKTWICE_OIDC_ISSUER: {
    schema: webAddress,
    group: 'team',
    summary: 'The OpenID Connect provider for single sign-on.',
    unset: 'passwords only',
    example: 'https://id.example.com/realm',
  },
  LOOKTWICE_OIDC_CLIENT_ID: {
    schema: text,
    group: 'team',
    summary: "This installation's client id at the provider. Required with an issuer.",
    unset: 'none',
  },
  LOOKTWICE_OIDC_CLIENT_SECRET: {
    schema: text,
    group: 'team',
    summary: "The client's secret at the provider. Required with an issuer.",
    unset: 'none',
  },
  LOOKTWICE_OIDC_NAME: {
    schema: text,
    group: 'team',
    summary: 'The text of the sign-in button.',
    unset: 'single sign-on',
  },
  LOOKTWICE_OIDC_ROLE: {
    schema: z.enum(['engineer', 'reviewer', 'viewer'], { error: 'must be engineer, reviewer or viewer' }),
    group: 'team',
    summary: 'The role of people whom the provider knows and nobody invited: engineer, reviewer or viewer.',
    unset: 'they are refused',
  },
  LOOKTWICE_DATA: {
    schema: text,
    group: 'files',
    summary: 'The data directory: database, images, cached features.',
    unset: '`data/` of the project',
  },
  DATABASE_URL: {
    schema: postgresqlAddress,
    group: 'files',
    summary:
      'A PostgreSQL database instead of the SQLite file; images stay in the data directory. See docs/operation.md.',
    unset: '`looktwice.db` in the data directory',
    example: 'postgres://looktwice:password@127.0.0.1:5432/looktwice',
  },
  LOOKTWICE_BACKUP_HOURS: {
    schema: wholeNumber(0, 8760),
    group: 'files',
    summary: 'The server backs up every so many hours; 0: never. See docs/operation.md.',
    unset: '24',
  },
  LOOKTWICE_BACKUP_DIR: {
    schema: text,
    group: 'files',
    summary: 'Where complete backups go, best on another disk.',
    unset: '`backups/` of the data directory, for the database alone',
    example: '/mnt/backup/looktwice',
  },
  LOOKTWICE_BACKUP_KEEP: {
    schema: wholeNumber(1, 1000),
    group: 'files',
    summary: 'So many scheduled backups are kept.',
    unset: '7',
  },
  LOOKTWICE_ACCOUNT_QUOTA: {
    schema: size,
    group: 'files',
    summary: 'What the images of one account may take, e.g. `20GB`.',
    unset: 'as much as there is',
  },
  LOOKTWICE_QUOTA: {
    schema: size,
    group: 'files',
    summary: 'What the images of all accounts may take together.',
    unset: 'as much as there is',
  },
  LOOKTWICE_PICTURE_CACHE: {
    schema: size,
    group: 'files',
    summary:
      'What re-encoded pictures may take in `cache/` of the data directory; those not used for longest go first.',
    unset: '2GB',
  },
  LOOKTWICE_CACHE: {
    schema: text,
    group: 'files',
    summary: 'Files that can be made again, such as the record of verified bundles.',
    unset: '`looktwice` in the user cache directory',
  },
  XDG_CACHE_HOME: {
    schema: text,
    group: 'files',
    summary: "The user's cache directory, where `LOOKTWICE_CACHE` is not set.",
    unset: '`~/.cache`',
  },
  LOOKTWICE_BUNDLE: {
    schema: text,
    group: 'model',
    summary: 'The directory of the model bundle.',
    unset: '`models/mini`',
  },
  LOOKTWICE_THREADS: {
    schema: wholeNumber(THREADS.min, THREADS.max),
    group: 'model',
    summary: `Threads of one inference, ${THREADS.min} to ${THREADS.max}.`,
    unset: 'one per core, at most 8',
  },
  LOOKTWICE_ENGINES: {
    schema: text,
    group: 'model',
    summary: 'The file of engines elsewhere, see docs/engines.md.',
    unset: '`engines.yaml` or `engines.json` in the data directory, if there is one',
  },
  LOOKTWICE_COMPLETIONS_URL: {
    schema: webAddress,
    group: 'model',
    summary: 'The completions server, for a bundle whose language model runs elsewhere.',
    unset: 'none',
    example: 'http://127.0.0.1:8000/v1',
  },
  LOOKTWICE_COMPLETIONS_KEY: {
    schema: text,
    group: 'model',
    summary: 'The API key of that server, if it wants one.',
    unset: 'none',
  },
  CHROMIUM_PATH: {
    schema: text,
    group: 'tests',
    summary: 'The Chromium of the browser tests.',
    unset: 'looked for in the usual places',
  },
  LOOKTWICE_FULL_TESTS: {
    schema: flag,
    group: 'tests',
    summary: '1 lengthens the fuzz tests and adds slow checks; `npm run test:full` sets it.',
    unset: '0',
  },
  LOOKTWICE_LIMITS: {
    schema: wholeNumber(1, 9999),
    group: 'tests',
    summary: 'So many times the usual requests are taken before somebody is told to wait; for tests/bench/attack.mjs.',
    unset: '1',
  },
  LOOKTWICE_TEST_POSTGRESQL: {
    schema: postgresqlAddress,
    group: 'tests',
    summary: 'The PostgreSQL server that `npm test` started for the database tests.',
    unset: 'they run on SQLite',
  },
  LOOKTWICE_E2E_URL: {
    schema: webAddress,
    group: 'tests',
    summary: 'A running server for the browser tests, which then start none.',
    unset: 'the tests start a server',
    example: 'http://127.0.0.1:3000',
  },
  LOOKTWICE_E2E_DATA: {
    schema: text,
    group: 'tests',
    summary: "That server's data directory.",
    unset: "the tests' own",
  },
  LOOKTWICE_DATASETS: {
    schema: text,
    group: 'tests',
    summary: 'The data sets of the training programs (models/training).',
    unset: '`shared/data` beside the project',
  },
  LOOKTWICE_ROOT: {
    schema: text,
    group: 'internal',
    summary: 'The project directory; `bin/looktwice.mjs` sets it, so that commands work from any directory.',
    unset: 'the current directory',
  },
  NODE_ENV: {
    schema: text,
    group: 'internal',
    summary: '`production` under `npm start`, `development` under `npm run dev`, `test` under Jest.',
    unset: 'production',
  },
  NEXT_MANUAL_SIG_HANDLE: {
    schema: text,
    group: 'internal',
    summary: '`true` under `npm start`: the server finishes running answers before it exits.',
    unset: 'Next.js exits at once',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
export type SettingValue<Name extends SettingName> = z.output<(typeof settings)[Name]['schema']>;
