/**
 * Evaluates every data set below a folder in every mode and prints the table of docs/benchmarks.md. Reports that are
 * there already are taken over, so that a stopped run goes on, and single ones can be measured again by deleting them.
 *
 * Usage: node tests/bench/eval-all.mjs FOLDER... --out REPORTS [--trained name,name] [--limit N] [--modes
 * zero-shot,shots=1,shots=4,mutual] A FOLDER is a data set, or holds some. --trained names the sets that the bundle was
 * trained on: their rows are marked.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    trained: { type: 'string', default: '' },
    limit: { type: 'string' },
    modes: { type: 'string', default: 'zero-shot,shots=1,shots=4,mutual' },
  },
});
if (positionals.length === 0 || values.out === undefined) {
  console.error(
    'Usage: node tests/bench/eval-all.mjs FOLDER... --out REPORTS [--trained A,B] [--limit N] [--modes M,M]',
  );
  process.exit(2);
}
const root = resolve(import.meta.dirname, '../..');
const trained = new Set(values.trained.split(',').filter(Boolean));
mkdirSync(values.out, { recursive: true });

/** The sets of a folder: itself if it has a label file, else the folders in it. */
function setsOf(folder) {
  const isSet = ['manifest.csv', 'labels.csv', 'split_csv', 'data'].some((name) => existsSync(join(folder, name)));
  if (isSet) {
    return [folder];
  }
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** Where the report of a set in a mode is (`eval` adds the mode to the name when it writes several). */
const fileOf = (set, mode) => join(resolve(values.out), `${basename(set)}-${mode.replace('=', '-')}.json`);

/**
 * The reports of a set, one per mode; those that are missing are made in one run, which looks at every image once.
 * Null: not possible (see stderr).
 */
function reports(set, modes) {
  const missing = modes.filter((mode) => !existsSync(fileOf(set, mode)));
  if (missing.length > 0) {
    const shots = missing.flatMap((mode) =>
      mode === 'zero-shot' ? ['0'] : mode.startsWith('shots=') ? [mode.slice(6)] : [],
    );
    const flags = [
      ...(shots.length > 0 ? ['--shots', shots.join(',')] : []),
      ...(missing.includes('mutual') ? ['--mutual'] : []),
    ];
    const limit = values.limit === undefined ? [] : ['--limit', values.limit];
    // A single report takes the name as it is.
    const out = missing.length > 1 ? join(resolve(values.out), `${basename(set)}.json`) : fileOf(set, missing[0]);
    const args = ['bin/looktwice.mjs', 'eval', set, '--out', out, ...flags, ...limit];
    spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return modes.map((mode) =>
    existsSync(fileOf(set, mode)) ? JSON.parse(readFileSync(fileOf(set, mode), 'utf8')) : null,
  );
}

const percent = (value) => (value === null || value === undefined ? '–' : (value * 100).toFixed(1));

console.log('| set | in training | mode | images | image AUROC [95 %] | image AP | image F1-max | pixel AUROC | PRO |');
console.log('|---|---|---|---|---|---|---|---|---|');
for (const set of positionals.flatMap((folder) => setsOf(resolve(folder)))) {
  const modes = values.modes.split(',');
  for (const [index, report] of reports(set, modes).entries()) {
    const mode = modes[index];
    const { mean, images, detector } = report ?? {};
    // One class only (a set without normal images): nothing to rank, but pixels still are.
    if (mean === undefined || (mean.image.auroc === null && mean.pixel.auroc === null)) {
      continue;
    }
    const range = mean.image.intervals?.auroc;
    const interval = range === undefined ? '' : ` [${percent(range.low)}, ${percent(range.high)}]`;
    const { auroc, averagePrecision, f1Max } = mean.image;
    const cells = [basename(set), trained.has(basename(set)) ? 'yes' : 'no', mode, images.length];
    const figures = [averagePrecision, f1Max, mean.pixel.auroc, mean.pixel.pro].map(percent);
    console.log(`| ${[...cells, `${percent(auroc)}${interval}`, ...figures].join(' | ')} |`);
    console.error(`${basename(set)}, ${mode}: ${detector}`);
  }
}
