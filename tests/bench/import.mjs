/**
 * Import of a generated set: images per second, and the peak memory of the importing process, which must not grow with
 * the set. Then the same import once more, which changes nothing. Prints one JSON line.
 *
 *   node tests/bench/import.mjs [--images 20000] [--side 96] [--keep DIRECTORY]
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { ensureRuntime, root } from '../../scripts/bootstrap.mjs';

const { values: flags } = parseArgs({
  options: {
    images: { type: 'string', default: '20000' },
    side: { type: 'string', default: '96' },
    keep: { type: 'string' },
  },
});
const count = Number(flags.images);
const side = Number(flags.side);

/** Different noise in each image, so that no two are the same content; a tenth are anomalous and have a mask. */
async function generate(directory) {
  const pixels = Buffer.alloc(side * side * 3);
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  const mask = Buffer.alloc(side * side);
  mask.fill(255, 0, side * 8);
  const maskPng = await sharp(mask, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer();
  const folders = ['part/train/good', 'part/test/good', 'part/test/dent', 'part/ground_truth/dent'];
  for (const folder of folders) await mkdir(join(directory, folder), { recursive: true });
  for (let i = 0; i < count; i += 1) {
    for (let at = 0; at < pixels.length; at += 1) pixels[at] = random();
    const jpeg = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
      .jpeg()
      .toBuffer();
    const name = String(i).padStart(6, '0');
    const folder = i % 10 === 0 ? 'part/test/dent' : i % 2 === 0 ? 'part/train/good' : 'part/test/good';
    await writeFile(join(directory, folder, `${name}.jpg`), jpeg);
    if (i % 10 === 0) await writeFile(join(directory, 'part/ground_truth/dent', `${name}_mask.png`), maskPng);
  }
}

/** Runs the import, asking the system for its memory while it runs (Linux). */
async function importOnce(directory, data) {
  const command = [join(root, 'bin/looktwice.mjs'), 'dataset', 'import', directory, '--name', 'generated', '--json'];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, LOOKTWICE_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  let peakMb = 0;
  const timer = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peakMb = Math.max(peakMb, Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024));
  }, 200);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`The import ended with ${code}.`);
  const { added, unchanged, skipped, seconds } = JSON.parse(output);
  return {
    added,
    unchanged,
    skipped,
    seconds: Math.round(10 * seconds) / 10,
    imagesPerSecond: Math.round((10 * count) / seconds) / 10,
    peakMb,
  };
}

const scratch = flags.keep ?? (await mkdtemp(join(tmpdir(), 'looktwice-import-')));
try {
  await ensureRuntime();
  await generate(join(scratch, 'set'));
  const first = await importOnce(join(scratch, 'set'), join(scratch, 'data'));
  const again = await importOnce(join(scratch, 'set'), join(scratch, 'data'));
  console.log(JSON.stringify({ images: count, side, first, again }));
} finally {
  if (flags.keep === undefined) await rm(scratch, { recursive: true, force: true });
}
