/**
 * What every command needs before it can run, on a fresh clone too: packages, the Prisma client, a browser for the
 * tests. Uses Node's own modules only, since nothing may be installed yet. Each step returns at once when nothing is to
 * do.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** An error whose message is all that the user needs to read. */
export class UserError extends Error {}

/** Takes settings from the project's `.env`, where there is one; variables that are set already win. */
export function readEnvFile(directory = root) {
  const path = join(directory, '.env');
  if (existsSync(path)) {
    process.loadEnvFile(path);
  }
}

/** Runs a command in the repository, its output on stderr so that stdout stays a command's own; throws on failure. */
export function run(command, args, { env = {}, what = command } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  });
  if (result.error) {
    throw new UserError(`${what} could not start: ${result.error.message}`);
  }
  if (result.status !== 0) {
    throw new UserError(`${what} failed (exit code ${result.status ?? result.signal}); its messages are above`);
  }
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/**
 * Installs the packages when node_modules lacks one that package-lock.json names, or has it in another version.
 * @param isBuilt asked only where packages are missing: whether those that only building and testing need may be
 */
export function ensureDependencies(isBuilt = () => false) {
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  const present = readJson(join(root, 'node_modules/.package-lock.json'))?.packages ?? {};
  const missing = Object.entries(wanted).filter(
    ([name, entry]) => name !== '' && !entry.optional && !entry.devOptional && present[name]?.version !== entry.version,
  );
  if (missing.length === 0) {
    return;
  }
  const forBuilding = !isBuilt();
  if (!forBuilding && missing.every(([, entry]) => entry.dev)) {
    return;
  }
  console.error(`Installing packages (${missing.length} missing or changed)`);
  // Install scripts stay off: one of them fetches GPU libraries from outside the registry, and none is needed.
  // Not `npm ci`: it refuses the whole lock file when the entry of another platform's optional binary is missing, which
  // npm itself leaves out when a registry is slow to answer. The locked versions are installed all the same, and the
  // lock file stays as it is. Where NODE_ENV is production, npm would leave out what the build needs.
  const kinds = forBuilding ? '--include=dev' : '--omit=dev';
  run('npm', ['install', kinds, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'], { what: 'npm install' });
}

/** All files below the given paths, sorted, without generated ones. */
function listFiles(paths) {
  const skip = new Set(['node_modules', '.next', 'generated', '__pycache__']);
  const found = [];
  const visit = (path) => {
    if (!existsSync(path)) {
      return;
    }
    if (statSync(path).isFile()) {
      found.push(path);
      return;
    }
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (!skip.has(entry.name)) {
        visit(join(path, entry.name));
      }
    }
  };
  paths.forEach((path) => visit(join(root, path)));
  return found.sort();
}

/** SHA-256 over names and contents of the files below `paths` (relative to the repository). */
export function hashSources(paths) {
  const hash = createHash('sha256');
  for (const file of listFiles(paths)) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function hasStamp(stamp, hash) {
  const path = join(root, stamp);
  return existsSync(path) && readFileSync(path, 'utf8') === hash;
}

/** Whether `stamp` (a file) says that these sources were built. */
const isBuilt = ({ stamp, sources }) => hasStamp(stamp, hashSources(sources));

/** Runs `build` unless `stamp` (a file) says that it already ran for these sources; returns whether it ran. */
export async function buildOnce({ stamp, sources }, build) {
  // Taken before the build: what changes during it is built the next time.
  const hash = hashSources(sources);
  if (hasStamp(stamp, hash)) {
    return false;
  }
  await build();
  const path = join(root, stamp);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, hash);
  return true;
}

const PRISMA_SCHEMAS = ['prisma/schema.prisma', 'prisma/postgresql/schema.prisma'];
const PRISMA_CLIENT = {
  stamp: 'lib/database/generated/.built-from',
  sources: [...PRISMA_SCHEMAS, 'prisma.config.ts', 'node_modules/@prisma/client/package.json'],
};
const RUNTIME = {
  stamp: 'dist/.built-from',
  sources: ['lib', ...PRISMA_SCHEMAS, 'scripts/build-runtime.mjs', 'package-lock.json', 'tsconfig.json'],
};
export const APP = {
  stamp: '.next/.built-from',
  sources: [
    ...['app', 'lib', 'public', 'proxy.ts', 'instrumentation.ts', 'next.config.ts', 'postcss.config.mjs'],
    ...['tsconfig.json', 'package-lock.json', ...PRISMA_SCHEMAS],
  ],
};

/** Whether the command line can run from what is built, without the packages that building needs. */
export const isRuntimeBuilt = () => [PRISMA_CLIENT, RUNTIME].every(isBuilt);

/** The same for the server. */
export const isAllBuilt = () => isRuntimeBuilt() && isBuilt(APP);

/** Generates the Prisma client when the schema changed. */
export async function ensurePrismaClient() {
  if (!existsSync(join(root, 'prisma/schema.prisma'))) {
    return;
  }
  await buildOnce(PRISMA_CLIENT, () => {
    // `generate` insists on a schema engine binary although it never calls it; any program that exits with 0 will do.
    const stub = ['/bin/true', '/usr/bin/true'].find((path) => existsSync(path)) ?? process.execPath;
    // The one for PostgreSQL lies inside of the other's directory, which is cleared first.
    for (const schema of PRISMA_SCHEMAS) {
      run(process.execPath, ['node_modules/prisma/build/index.js', 'generate', '--schema', schema], {
        env: { PRISMA_SCHEMA_ENGINE_BINARY: stub, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
        what: 'prisma generate',
      });
    }
  });
}

/** Compiles the command line and the engine worker into dist/ when lib/ changed; lib/ needs the Prisma client. */
export async function ensureRuntime() {
  await ensurePrismaClient();
  await buildOnce(RUNTIME, async () => {
    const { buildRuntime } = await import('./build-runtime.mjs');
    await buildRuntime();
  });
}

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of a Chromium for the browser tests; installs Debian's package when there is none and we may. */
export function ensureChromium() {
  const find = () => [process.env.CHROMIUM_PATH, ...BROWSERS].find((path) => path && existsSync(path));
  const found = find();
  if (found) {
    return found;
  }
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('Installing Chromium for the browser tests');
    run('apt-get', ['update', '-q'], { what: 'apt-get update' });
    run('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium'], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      what: 'apt-get install chromium',
    });
  }
  const installed = find();
  if (!installed) {
    throw new UserError('The browser tests need Chromium: install it, or set CHROMIUM_PATH to its program file');
  }
  return installed;
}

/** Runs `main`; a UserError prints as one line and ends with exit code 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  }
}
