/**
 * How well the disagreement queue finds label errors: in a copy of real sets 5 % of the labels are flipped and 5 % of
 * the remaining masks are shifted, then the copy is imported, inspected and ranked by the product's own commands.
 * Prints one JSON line per set: the share of the errors in the first 10 % and 15 % of the queue, and what a random
 * order would give.
 *
 *   node tests/bench/label-errors.mjs [--sets a,b] [--limit N] [--seed S] [--mode mutual|zero_shot] [--keep DIRECTORY]
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { ensureRuntime, root } from '../../scripts/bootstrap.mjs';

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: resolve(root, '../shared/data') },
    sets: { type: 'string', default: 'dobot_cubes,lookout_vision,kolektor_sdd,magnetic_tile,cplid_insulator' },
    limit: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    mode: { type: 'string', default: 'mutual' },
    keep: { type: 'string' },
  },
});
const FLIPPED = 0.05;
const SHIFTED = 0.05;

/** mulberry32: the same errors on every machine. */
function seeded(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffle(values, random) {
  const shuffled = [...values];
  for (let i = shuffled.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}

/**
 * Moves a mask somewhere else in its image: the place of 60 that overlaps least, with most of the mask still inside.
 */
async function shiftMask(from, to, random) {
  const { data, info } = await sharp(from).greyscale().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const set = [];
  data.forEach((value, i) => {
    if (value > 127) set.push(i);
  });
  let best = { overlap: Infinity, pixels: set };
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const [dx, dy] = [width, height].map((side) => Math.round((random() * 2 - 1) * 0.8 * side));
    const pixels = set.flatMap((i) => {
      const [x, y] = [(i % width) + dx, Math.floor(i / width) + dy];
      return x >= 0 && x < width && y >= 0 && y < height ? [y * width + x] : [];
    });
    if (pixels.length < 0.7 * set.length) continue;
    const overlap = pixels.filter((i) => data[i] > 127).length;
    if (overlap < best.overlap) best = { overlap, pixels };
  }
  const moved = Buffer.alloc(width * height);
  best.pixels.forEach((i) => (moved[i] = 255));
  await sharp(moved, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toFile(to);
}

/** Copies a part of a set with seeded errors; returns which paths are wrong, and how. */
async function copyWithErrors(source, target, random) {
  const all = parse(await readFile(join(source, 'manifest.csv'), 'utf8'), { columns: true, bom: true });
  const rows = shuffle(all, random).slice(0, Number(flags.limit));
  const errors = new Map();
  const flips = shuffle(rows, random).slice(0, Math.round(FLIPPED * rows.length));
  flips.forEach((row) => errors.set(row.image, 'flipped'));
  const masked = rows.filter((row) => row.mask !== '' && row.label === '1' && !errors.has(row.image));
  shuffle(masked, random)
    .slice(0, Math.round(SHIFTED * masked.length))
    .forEach((row) => errors.set(row.image, 'shifted'));
  const lines = ['image,mask,category,split,type,label'];
  for (const row of rows) {
    const error = errors.get(row.image);
    await mkdir(dirname(join(target, row.image)), { recursive: true });
    await copyFile(join(source, row.image), join(target, row.image));
    let { mask, label, type } = row;
    if (error === 'flipped') {
      [label, mask, type] = label === '1' ? ['0', '', 'good'] : ['1', '', 'anomaly'];
    }
    if (mask !== '' && label === '1') {
      await mkdir(dirname(join(target, mask)), { recursive: true });
      const copy = error === 'shifted' ? (from, to) => shiftMask(from, to, random) : copyFile;
      await copy(join(source, mask), join(target, mask));
    } else {
      mask = '';
    }
    lines.push([row.image, mask, row.category, row.split, type, label].map((cell) => `"${cell}"`).join(','));
  }
  await writeFile(join(target, 'manifest.csv'), `${lines.join('\n')}\n`);
  return errors;
}

const share = (found, total) => (total === 0 ? null : Math.round((1000 * found) / total) / 1000);

async function measure(name) {
  const scratch =
    flags.keep === undefined ? await mkdtemp(join(tmpdir(), 'looktwice-errors-')) : join(flags.keep, name);
  const copy = join(scratch, name);
  await mkdir(copy, { recursive: true });
  const run = promisify(execFile);
  const looktwice = async (...args) => {
    const env = { ...process.env, LOOKTWICE_DATA: join(scratch, 'data') };
    const command = [join(root, 'bin/looktwice.mjs'), 'dataset', ...args, '--json'];
    const { stdout } = await run(process.execPath, command, { env, maxBuffer: 2 ** 28 });
    return JSON.parse(stdout);
  };
  try {
    const errors = await copyWithErrors(join(flags.data, name), copy, seeded(Number(flags.seed)));
    const imported = await looktwice('import', copy, '--name', name);
    const inspected = await looktwice('inspect', name, '--mode', flags.mode);
    const queue = await looktwice('rank', name, '--by', 'disagreement', '--limit', '100000');
    const kinds = [...errors.values()];
    const total = (kind) => kinds.filter((other) => kind === undefined || other === kind).length;
    const found = (part, kind) => {
      const first = queue.slice(0, Math.ceil(part * queue.length));
      const hits = first.filter(({ path }) => errors.has(path) && (kind === undefined || errors.get(path) === kind));
      return share(hits.length, total(kind));
    };
    return {
      set: name,
      mode: flags.mode,
      items: imported.added,
      flipped: total('flipped'),
      shifted: total('shifted'),
      foundInFirst10: found(0.1),
      foundInFirst15: found(0.15),
      random10: 0.1,
      random15: 0.15,
      flippedInFirst15: found(0.15, 'flipped'),
      shiftedInFirst15: found(0.15, 'shifted'),
      inspectionsPerSecond: Math.round((100 * inspected.done) / inspected.seconds) / 100,
    };
  } finally {
    if (flags.keep === undefined) await rm(scratch, { recursive: true, force: true });
  }
}

await ensureRuntime();
for (const name of flags.sets.split(',')) {
  console.log(JSON.stringify(await measure(name)));
}
