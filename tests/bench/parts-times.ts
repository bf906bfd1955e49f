/**
 * What the banks of parts cost: building (encoding apart), bytes on disk, opening, and comparing one image, with 1, 16
 * and 200 samples. The given images stand for all samples, in turns.
 *   node --import tsx tests/bench/parts-times.ts IMAGE IMAGE...
 */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Expert } from '@/lib/anomaly/expert';
import { bankVersion, buildPartBank, openPartBank } from '@/lib/anomaly/part-bank';
import { readPartBank, readPartLooks, writePartBank } from '@/lib/anomaly/part-file';
import { MAX_SAMPLE_PATCHES, type PartSample, thinSample } from '@/lib/anomaly/part-sample';
import { Scorer } from '@/lib/anomaly/scorer';
import { openBundle } from '@/lib/engine/bundle';
import { decodeImage } from '@/lib/vision/decode';

const COUNTS = [1, 16, 200];
const ROUNDS = 3;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const started = performance.now();
  const value = await work();
  return { ms: performance.now() - started, value };
}

async function main(files: readonly string[]): Promise<void> {
  const bundle = await openBundle(join(__dirname, '../../models/mini'));
  const scorer = await Scorer.open(bundle, (opened) => Expert.openScores(opened));
  const version = bankVersion(bundle.manifest);
  const folder = await mkdtemp(join(tmpdir(), 'looktwice-banks-'));
  const images = await Promise.all(files.map(async (file) => decodeImage(await readFile(file))));
  const given: Omit<PartSample, 'key'>[] = [];
  const encoding: number[] = [];
  for (const image of images) {
    const { ms, value } = await timed(() => scorer.sampleOf(image, { turned: false, most: MAX_SAMPLE_PATCHES }));
    encoding.push(ms);
    given.push(value);
  }
  const [first] = images;
  if (first === undefined) {
    throw new Error('Give at least one image.');
  }
  const look = await scorer.look(first);
  const query = { layout: look.layout, levels: look.encoding.levels };
  process.stdout.write(`encoding a sample ${median(encoding).toFixed(0)} ms (${look.layout.views.length} views)\n`);
  for (const count of COUNTS) {
    const most = Math.floor(MAX_SAMPLE_PATCHES / count);
    const samples = Array.from({ length: count }, (_, index): PartSample => {
      const sample = given[index % given.length];
      if (sample === undefined) {
        throw new Error('No sample.');
      }
      return thinSample({ key: String(index), ...sample }, scorer.shape.width, most);
    });
    const built = await timed(() => buildPartBank(samples, scorer.tools));
    const file = join(folder, `${count}.bank`);
    const written = await timed(() => writePartBank(file, built.value, version));
    const opened = await timed(async () => openPartBank(await readPartBank(file, version), scorer.tools));
    const looked = await timed(() => readPartLooks(file, version));
    const compared: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      compared.push((await timed(() => opened.value.compare(query))).ms);
    }
    const megabytes = (await stat(file)).size / 2 ** 20;
    process.stdout.write(
      `${count} samples: build ${built.ms.toFixed(0)} ms, write ${written.ms.toFixed(0)} ms, ${megabytes.toFixed(1)} MB, open ${opened.ms.toFixed(0)} ms, read descriptors ${looked.ms.toFixed(0)} ms, compare ${median(compared).toFixed(0)} ms\n`,
    );
  }
  await scorer.close();
  await rm(folder, { recursive: true, force: true });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
