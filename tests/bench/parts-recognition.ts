/**
 * How parts are recognised: each CATEGORY of a manifest.csv becomes a part of four good samples; then images of each
 * (also turned, farther away, and in other light), and images of other things, are looked up. Prints how many are taken
 * for their own part, for another, or for none, and writes each look-up.
 *   node --import tsx tests/bench/parts-recognition.ts --out RESULTS.json --others FOLDER [--count N]
 * MANIFEST.csv:CATEGORY...
 */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import sharp, { type Sharp } from 'sharp';
import { Expert } from '@/lib/anomaly/expert';
import { buildPartBank, openPartBank } from '@/lib/anomaly/part-bank';
import { likeness, lookOf } from '@/lib/anomaly/part-looks';
import { decide, inQuestion } from '@/lib/anomaly/part-recognition';
import type { PartSample } from '@/lib/anomaly/part-sample';
import type { ReferenceBank } from '@/lib/anomaly/reference-bank';
import { Scorer } from '@/lib/anomaly/scorer';
import { openBundle } from '@/lib/engine/bundle';
import { deriveSeed } from '@/lib/common/random';
import { type DecodedImage, decodeImage } from '@/lib/vision/decode';
import { shuffled } from './support/shuffled';

type Row = { image: string; category: string; split: string; label: string };
type Part = { name: string; looks: Float32Array; bank: ReferenceBank };
type Found = {
  image: string;
  own: string | null;
  change: string;
  /** Parts in question, the likeliest first. */
  ranked: { name: string; likeness: number; distance: number }[];
};

const SAMPLES = 4;
const TESTS = 4;
/** The base view alone decides, and is squashed to this in any case. */
const SIDE = 392;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, others: { type: 'string' }, count: { type: 'string', default: '150' } },
});

const changes: Record<string, (image: Sharp) => Sharp> = {
  'as it is': (image) => image,
  turned: (image) => image.rotate(90),
  farther: (image) => image.extend({ top: 40, bottom: 40, left: 40, right: 40, extendWith: 'copy' }),
  darker: (image) => image.modulate({ brightness: 0.7 }),
  tilted: (image) => image.rotate(20, { background: '#777' }),
};

async function read(path: string, change = 'as it is'): Promise<DecodedImage> {
  const small = await sharp(await readFile(path))
    .rotate()
    .resize(SIDE, SIDE, { fit: 'fill' })
    .removeAlpha()
    .png()
    .toBuffer();
  const changed = await (changes[change] ?? ((image) => image))(sharp(small)).png().toBuffer();
  return decodeImage(await sharp(changed).resize(SIDE, SIDE, { fit: 'fill' }).png().toBuffer());
}

async function main(): Promise<void> {
  const scorer = await Scorer.open(await openBundle(join(__dirname, '../../models/mini')), (opened) =>
    Expert.openScores(opened),
  );
  const parts: Part[] = [];
  const queries: { path: string; own: string | null; change: string }[] = [];
  for (const name of positionals) {
    const at = name.lastIndexOf(':');
    const [manifest, category] = [name.slice(0, at), name.slice(at + 1)];
    const rows = parse<Row>(await readFile(manifest), { columns: true }).filter((row) => row.category === category);
    const path = (row: Row) => join(dirname(manifest), row.image);
    const pick = (label: string) =>
      shuffled(
        rows.filter((row) => row.label === label),
        deriveSeed(1, category),
      );
    const good = pick('0');
    const samples: PartSample[] = [];
    for (const row of good.slice(0, SAMPLES)) {
      samples.push({ key: row.image, ...(await scorer.sampleOf(await read(path(row)), { turned: true, most: 4096 })) });
    }
    const data = await buildPartBank(samples, scorer.tools);
    const looks = samples.flatMap((sample) => sample.looks);
    const all = new Float32Array(looks.reduce((sum, look) => sum + look.length, 0));
    looks.forEach((look, index) => all.set(look, index * look.length));
    parts.push({ name: category, looks: all, bank: openPartBank(data, scorer.tools) });
    const kinds = Object.keys(changes);
    for (const row of [...good.slice(SAMPLES, SAMPLES + TESTS / 2), ...pick('1').slice(0, TESTS / 2)]) {
      queries.push({ path: path(row), own: category, change: 'as it is' });
      queries.push({
        path: path(row),
        own: category,
        change: kinds[1 + ((queries.length >> 1) % (kinds.length - 1))] ?? '',
      });
    }
    process.stderr.write(`${category}\n`);
  }
  if (values.others !== undefined) {
    const names = (await readdir(values.others)).filter((name) => /\.(jpe?g|png)$/i.test(name));
    for (const name of shuffled(names, 1).slice(0, Number(values.count))) {
      queries.push({ path: join(values.others, name), own: null, change: 'as it is' });
    }
  }
  const found: Found[] = [];
  for (const { path, own, change } of shuffled(queries, 2)) {
    const { layout, encoding } = await scorer.look(await read(path, change));
    const look = lookOf(encoding.cls.slice(0, scorer.shape.width));
    const likely = parts
      .map((part) => ({ part, likeness: likeness(look, part.looks) }))
      .sort((a, b) => b.likeness - a.likeness);
    const ranked: Found['ranked'] = [];
    for (const index of inQuestion(likely.map((each) => each.likeness))) {
      const each = likely[index];
      const comparison = await each?.part.bank.compare({ layout, levels: encoding.levels });
      if (each !== undefined) {
        ranked.push({ name: each.part.name, likeness: each.likeness, distance: comparison?.typical ?? Infinity });
      }
    }
    found.push({ image: path.split('/').at(-1) ?? '', own, change, ranked });
    if (values.out !== undefined && found.length % 20 === 0) {
      await writeFile(values.out, JSON.stringify(found));
    }
  }
  await scorer.close();
  if (values.out !== undefined) {
    await writeFile(values.out, JSON.stringify(found));
  }
  report(found);
}

/** What the product decides. */
function decideFor({ ranked }: Found): string | null {
  const decision = decide(ranked);
  return 'taken' in decision ? (ranked[decision.taken]?.name ?? null) : null;
}

function report(found: readonly Found[]): void {
  const share = (part: number, whole: number) =>
    `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`;
  for (const change of Object.keys(changes)) {
    const own = found.filter((each) => each.own !== null && each.change === change);
    const right = own.filter((each) => decideFor(each) === each.own).length;
    const wrong = own.filter((each) => decideFor(each) !== null && decideFor(each) !== each.own).length;
    process.stdout.write(
      `${change}: recognised ${share(right, own.length)}, taken for another ${share(wrong, own.length)}\n`,
    );
  }
  const others = found.filter(({ own }) => own === null);
  process.stdout.write(
    `other things taken for a part: ${share(others.filter((each) => decideFor(each) !== null).length, others.length)}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
