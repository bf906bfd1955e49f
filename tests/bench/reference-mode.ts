/**
 * What the reference mode costs: milliseconds to build the bank of the first four images and to compare each of the
 * others, beside the nearest reference patch alone, in turns in one run; encoding is not counted. Then the whole, with
 * encoding, of comparing one image with new references, beside references that count as given alone.
 *   node --import tsx tests/bench/reference-mode.ts IMAGE IMAGE IMAGE IMAGE IMAGE...
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inspector } from '@/lib/anomaly/inspector';
import { ReferenceBank } from '@/lib/anomaly/reference-bank';
import type { EncodedImage } from '@/lib/anomaly/view-patches';
import { type Bundle, openBundle } from '@/lib/engine/bundle';
import { decodeImage } from '@/lib/vision/decode';

const REFERENCES = 4;
const ROUNDS = 3;
const WHOLE_ROUNDS = 2;

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
    images.push(await inspector.scorer.encode(await decodeImage(await readFile(file))));
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
      const bank = await ReferenceBank.build(
        images.slice(0, REFERENCES),
        inspector.scorer.similarity,
        vision,
        settings,
      );
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

/**
 * Milliseconds of comparing an image with references that were not seen before, encoding of the references included,
 * and how many views were encoded.
 */
async function timeWhole(bundle: Bundle, files: readonly string[]): Promise<{ referenceMs: number; views: number }> {
  const inspector = await Inspector.open(bundle);
  const images = await Promise.all(files.map(async (file) => decodeImage(await readFile(file))));
  const [image, references] = [images.at(-1), images.slice(0, REFERENCES)];
  if (image === undefined) {
    throw new Error('No image to compare.');
  }
  let views = 0;
  const { timings } = await inspector.inspect(image, { references, onProgress: (done) => (views = done) });
  await inspector.close();
  return { referenceMs: timings.referenceMs, views };
}

async function wholeCost(files: readonly string[]): Promise<void> {
  const bundle = await openBundle(join(__dirname, '../../models/mini'));
  const { manifest } = bundle;
  const given = { ...manifest.calibration.reference, turnedShare: undefined };
  const variants = {
    'asked for their orientation': bundle,
    'as given alone': {
      ...bundle,
      manifest: { ...manifest, calibration: { ...manifest.calibration, reference: given } },
    },
  };
  const times = new Map(Object.keys(variants).map((name) => [name, [] as number[]]));
  const encoded = new Map<string, number>();
  for (let round = 0; round < WHOLE_ROUNDS; round += 1) {
    for (const [name, variant] of Object.entries(variants)) {
      const { referenceMs, views } = await timeWhole(variant, files);
      times.get(name)?.push(referenceMs);
      encoded.set(name, views);
    }
  }
  for (const [name, found] of times) {
    const least = Math.min(...found).toFixed(0);
    process.stdout.write(`new references, ${name}: ${least} ms, ${encoded.get(name) ?? 0} views encoded\n`);
  }
}

const files = process.argv.slice(2);
void main(files).then(() => wholeCost(files));
