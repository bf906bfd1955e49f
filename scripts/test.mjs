/**
 * `npm test`: bootstrap, then format, lint, types and every test; goes on after a failing stage, so that one run shows
 * all. The last line is `N passed, N failed`, summed over all jest runs. `--full` adds the slow extras, `--browser`
 * runs the browser tests alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureApp } from './build-app.mjs';
import { ensureChromium, ensureDependencies, ensureRuntime, root, runMain } from './bootstrap.mjs';

const full = process.argv.includes('--full');
/** `--browser`: every browser test and nothing else; `--shard=1/3` takes a part of the files. */
const browserOnly = process.argv.includes('--browser');
const shard = process.argv.filter((argument) => argument.startsWith('--shard='));
const reports = mkdtempSync(join(tmpdir(), 'looktwice-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
const failedStages = [];

function stage(name, program, args, env = {}) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const result = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`== ${name}: ${result.status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  if (result.status !== 0) {
    failedStages.push(name);
  }
}

function jest(name, projects, env = {}, files = [], options = []) {
  const report = join(reports, `${name}.json`);
  const args = [
    '--selectProjects',
    ...projects,
    '--passWithNoTests',
    ...options,
    '--json',
    `--outputFile=${report}`,
    '--',
    ...files,
  ];
  // --json prints the report on stdout as well; jest's own progress goes to stderr.
  console.log(`\n== ${name} tests`);
  const result = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env, ...(full ? { LOOKTWICE_FULL_TESTS: '1' } : {}) },
  });
  if (result.status !== 0) {
    failedStages.push(`${name} tests`);
  }
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += counts.numPassedTests;
    totals.failed += counts.numFailedTests + counts.numRuntimeErrorTestSuites;
    totals.skipped += counts.numPendingTests;
  } catch (error) {
    totals.failed += 1;
    console.error(`jest wrote no report for the ${name} tests: ${error.message}`);
  }
}

async function main() {
  ensureDependencies();
  const chromium = ensureChromium();
  await ensureRuntime();
  if (browserOnly) {
    await ensureApp();
    jest('e2e', ['e2e'], { CHROMIUM_PATH: chromium }, [], shard);
  } else {
    await testAll(chromium);
  }
  console.log(failedStages.length > 0 ? `\nFailed: ${failedStages.join(', ')}` : '\nEverything passed');
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  process.exitCode = failedStages.length > 0 || totals.failed > 0 ? 1 : 0;
}

async function testAll(chromium) {
  stage('format', 'node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']);
  stage('lint', 'node_modules/eslint/bin/eslint.js', ['.', '--max-warnings=0']);
  stage('unused code', 'node_modules/knip/bin/knip.js', ['--no-progress']);
  stage('types', 'node_modules/typescript/bin/tsc', ['--noEmit']);
  // None of these runs a model on threads of its own.
  jest('unit', ['unit', 'dom'], {}, [], ['--maxWorkers=100%']);
  jest('integration', ['integration']);
  // A server of its own, from Debian's packages: docs/decisions/postgresql.md.
  jest('postgresql', ['postgresql'], {}, [], ['--maxWorkers=100%']);
  await ensureApp();
  jest('served', ['served']);
  // docs/decisions/browser-tests.md: the short run has the tests that hold on a busy machine.
  jest(
    'e2e',
    ['e2e'],
    { CHROMIUM_PATH: chromium },
    full ? [] : ['tests/e2e/(answer-control|ask|bad-files|references|review-keyboard|review-mask|sharing)'],
  );
}

await runMain(main);
rmSync(reports, { recursive: true, force: true });
