/**
 * What the reference mode costs: milliseconds to build the bank of the first four images and to compare each of the others, beside the nearest reference patch alone,
 * in turns in one run; encoding is not counted.
 *   node --import tsx tests/bench/reference-mode.ts IMAGE IMAGE IMAGE IMAGE IMAGE...
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inspector } from '@/lib/anomaly/inspector';
import { ReferenceBank } from '@/lib/anomaly/reference-bank';
import type { EncodedImage } from '@/lib/anomaly/view-patches';
import { openBundle } from '@/lib/engine/bundle';
import { decodeImage } from '@/lib/vision/decode';

const REFERENCES = 4;
const ROUNDS = 3;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function main(files: readonly string[]): Promise<void> {
  if (files.length <= REFERENCES) {
    throw new Error(`Give ${REFERENCES} normal images, and then at least one to compare with them.`);
  }
  const bundle = await openBundle(join(__dirname, '../../models/mini'));
  const inspector = await Inspector.open(bundle);
  const { vision, calibration } = bundle.manifest;
  const images: EncodedImage[] = [];
  for (const file of files) {
    images.push(await inspector.encode(await decodeImage(await readFile(file))));
  }
  const variants = {
    shipped: calibration.reference,
    'nearest reference patch alone': { ...calibration.reference, geometric: undefined },
  };
  const times = new Map(
    Object.keys(variants).map((name) => [name, { build: [] as number[], compare: [] as number[] }]),
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, settings] of Object.entries(variants)) {
      const started = performance.now();
      const bank = await ReferenceBank.build(images.slice(0, REFERENCES), inspector.similarity, vision, settings);
      times.get(name)?.build.push(performance.now() - started);
      for (const image of images.slice(REFERENCES)) {
        const begun = performance.now();
        await bank.compare(image);
        times.get(name)?.compare.push(performance.now() - begun);
      }
    }
  }
  await inspector.close();
  for (const [name, { build, compare }] of times) {
    process.stdout.write(`${name}: build ${median(build).toFixed(0)} ms, compare ${median(compare).toFixed(0)} ms\n`);
  }
}

void main(process.argv.slice(2));
