/**
 * Images per second of `looktwice eval` beside two plain Python loops with onnxruntime on the same images, in turns in
 * one run: one with the same encoder alone, one with encoder, expert and map. eval does more than both: metrics with
 * bootstrap, partial results on disk, reports. The time of eval includes the start of its threads, that of the loop
 * does not include the loading of its model.
 *
 * Usage: node tests/bench/eval-throughput.mjs FOLDER [--limit N] [--rounds R] [--python PYTHON]
 * PYTHON needs numpy, pillow and onnxruntime. Of the images below FOLDER only those that need no tiles are used, so
 * that both encode each image once; masks (ground_truth) are left out.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '2' },
    python: { type: 'string', default: 'python3' },
  },
});
const [folder] = positionals;
const [limit, rounds] = [Number(values.limit), Number(values.rounds)];
if (folder === undefined || !(limit >= 2) || !(rounds >= 1)) {
  console.error(
    'Usage: node tests/bench/eval-throughput.mjs FOLDER [--limit N >= 2] [--rounds R >= 1] [--python PYTHON]',
  );
  process.exit(2);
}
const root = resolve(import.meta.dirname, '../..');
const bundle = resolve(process.env.LOOKTWICE_BUNDLE ?? join(root, 'models/mini'));
const { vision } = JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8'));
const work = mkdtempSync(join(tmpdir(), 'looktwice-bench-'));

function* imagesBelow(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && entry.name !== 'ground_truth') {
      yield* imagesBelow(path);
    } else if (['.png', '.jpg', '.jpeg'].includes(extname(entry.name).toLowerCase())) {
      yield path;
    }
  }
}

/** Lays the images as a plain folder set, alternately normal and anomalous: labels do not change the work. */
async function layOut() {
  const copies = [];
  for (const path of imagesBelow(resolve(folder))) {
    const { width, height } = await sharp(path).metadata();
    if (Math.max(width, height) > vision.noTilesFactor * vision.imageSize) {
      continue;
    }
    const kind = copies.length % 2 === 0 ? 'normal' : 'anomalous';
    const copy = join(work, 'set', kind, `${copies.length}-${basename(path)}`);
    mkdirSync(join(work, 'set', kind), { recursive: true });
    cpSync(path, copy);
    copies.push(copy);
    if (copies.length === limit) {
      break;
    }
  }
  writeFileSync(join(work, 'images.txt'), copies.join('\n'));
  return copies.length;
}

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, LOOKTWICE_CACHE: join(work, 'cache'), LOOKTWICE_BUNDLE: bundle },
  });
  if (status !== 0) {
    throw new Error(`${program} ${args[0]} ended with ${status}: ${stderr}`);
  }
  return JSON.parse(stdout);
}

function python(...flags) {
  const script = join(import.meta.dirname, 'encoder_loop.py');
  const args = [script, bundle, String(vision.imageSize), join(work, 'images.txt'), ...flags];
  const { images, seconds, peakMemoryMb } = run(values.python, args);
  return { imagesPerSecond: images / seconds, peakMemoryMb };
}

function evaluation() {
  const { run: measured } = run(process.execPath, [
    'bin/looktwice.mjs',
    'eval',
    join(work, 'set'),
    '--json',
    '--no-register',
  ]);
  return { imagesPerSecond: measured.imagesPerSecond, peakMemoryMb: measured.peakMemoryMb };
}

try {
  const images = await layOut();
  // The first start compiles the command line.
  run(process.execPath, ['bin/looktwice.mjs', 'eval', join(work, 'set'), '--json', '--no-register', '--limit', '2']);
  const turns = [];
  for (let round = 0; round < rounds; round += 1) {
    turns.push({ eval: evaluation(), encoder: python(), sameWork: python('--expert') });
  }
  const best = (side) => Math.max(...turns.map((turn) => turn[side].imagesPerSecond));
  const ratios = { encoder: best('eval') / best('encoder'), sameWork: best('eval') / best('sameWork') };
  const bests = { eval: best('eval'), encoder: best('encoder'), sameWork: best('sameWork') };
  console.log(JSON.stringify({ images, turns, best: bests, ratios }, null, 2));
} finally {
  rmSync(work, { recursive: true, force: true });
}
