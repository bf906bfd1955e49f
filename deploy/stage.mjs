/**
 * Builds LookTwice and lays out what a server needs, no more: sources and builds, the bundle, and the packages of
 * production.
 *   node deploy/stage.mjs FOLDER
 * The folder must not exist or be empty. `node scripts/start.mjs` in it needs no network, no npm and no writable
 * program folder; data go to LOOKTWICE_DATA.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ensureApp } from '../scripts/build-app.mjs';
import { UserError, ensureDependencies, ensureRuntime, root, runMain } from '../scripts/bootstrap.mjs';

const FILES = [
  ...['app', 'bin', 'deploy', 'dist', 'lib', 'models/mini', 'prisma', 'public', 'scripts', '.next'],
  ...['LICENSE', 'README.md', 'instrumentation.ts', 'instrumentation-client.ts', 'next.config.ts', 'package.json'],
  ...['package-lock.json', 'postcss.config.mjs', 'prisma.config.ts', 'proxy.ts', 'tsconfig.json'],
];
/** What builds leave behind for the next build. */
const LEFT_OUT = new Set([join(root, '.next/cache'), join(root, '.next/trace'), join(root, '.next/types')]);

/**
 * Folders below node_modules that the lock file gives to production and that are here (not those of other platforms).
 */
function productionPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && existsSync(join(root, path)))
    .map(([path]) => path);
}

function copy(path, target, filter) {
  const to = join(target, path);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(root, path), to, { recursive: true, verbatimSymlinks: true, filter });
}

await runMain(async () => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    throw new UserError('Usage: node deploy/stage.mjs FOLDER');
  }
  const target = resolve(folder);
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new UserError(`${folder} is not empty: name a new folder`);
  }
  ensureDependencies();
  await ensureRuntime();
  await ensureApp();
  FILES.forEach((path) => copy(path, target, (source) => !LEFT_OUT.has(source)));
  // Packages inside packages have entries of their own.
  productionPackages().forEach((path) => copy(path, target, (source) => basename(source) !== 'node_modules'));
  copy('node_modules/.package-lock.json', target);
  console.log(`${folder}: ready to serve with node scripts/start.mjs`);
});
