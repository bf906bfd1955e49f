/**
 * What golden samples are worth: for data sets with a manifest.csv, with 1, 4 and 16 golden samples, how well scores
 * rank (AUROC), how many verdicts are right (at the part's own threshold, or where too little is known for one, as the
 * bundle decides), and both after a reviewer corrected 20 images. The corrected ones are not measured on, before or
 * after.
 *   node --import tsx tests/bench/parts-verdicts.ts --out RESULTS.json MANIFEST.csv:CATEGORY...
 * The images of a category's folder `train` that are good become samples; of `test` at most --limit of each label are
 * used, half of them to correct.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { Expert, type ExpertScores } from '@/lib/anomaly/expert';
import { fuseScore } from '@/lib/anomaly/fusion';
import { buildPartBank, leftOutScores, openPartBank } from '@/lib/anomaly/part-bank';
import { MAX_SAMPLE_PATCHES, type PartSample, thinSample } from '@/lib/anomaly/part-sample';
import { type Look, Scorer } from '@/lib/anomaly/scorer';
import { judge } from '@/lib/anomaly/verdict';
import { leansAnomalous } from '@/lib/contract/verdict';
import { openBundle } from '@/lib/engine/bundle';
import type { CalibrationManifest } from '@/lib/engine/manifest';
import { rankQuality } from '@/lib/datasets/calibrate/threshold';
import { deriveSeed } from '@/lib/common/random';
import { suggested } from '@/lib/parts/known-scores';
import { decodeImage } from '@/lib/vision/decode';
import { shuffled } from './support/shuffled';

const SHOTS = [1, 4, 16];
const CORRECTIONS = 20;

type Row = { image: string; category: string; split: string; label: string };
type Test = { look: Look<ExpertScores>; sample: PartSample; anomalous: boolean };
/**
 * `threshold`: null where the bundle's own calibration decides, as in the product. `right`: the share of right
 * verdicts.
 */
type Judged = { scores: number[]; threshold: number | null; right: number };
type Case = {
  set: string;
  shots: number;
  good: number[];
  before: Judged;
  after: Judged & { good: number[]; defects: number[] };
  corrected: { score: number; anomalous: boolean }[];
  labels: boolean[];
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    limit: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
  },
});

async function main(): Promise<void> {
  const bundle = await openBundle(join(__dirname, '../../models/mini'));
  const scorer = await Scorer.open(bundle, (opened) => Expert.openScores(opened));
  const { calibration } = bundle.manifest;
  const cases: Case[] = [];

  const decode = async (path: string) => decodeImage(await readFile(path));
  for (const name of positionals) {
    const at = name.lastIndexOf(':');
    const [manifest, category] = [name.slice(0, at), name.slice(at + 1)];
    const rows = parse<Row>(await readFile(manifest), { columns: true }).filter((row) => row.category === category);
    const seed = deriveSeed(Number(values.seed), category);
    const train = shuffled(
      rows.filter(({ split, label }) => split === 'train' && label === '0'),
      seed,
    ).slice(0, 16);
    const pick = (label: string) =>
      shuffled(
        rows.filter((row) => row.split === 'test' && row.label === label),
        seed,
      ).slice(0, Number(values.limit));
    const path = (row: Row) => join(dirname(manifest), row.image);
    const samples: PartSample[] = [];
    for (const row of train) {
      const keep = { turned: false, most: MAX_SAMPLE_PATCHES };
      samples.push({ key: row.image, ...(await scorer.sampleOf(await decode(path(row)), keep)) });
    }
    const tests: Test[] = [];
    for (const row of shuffled([...pick('0'), ...pick('1')], seed)) {
      const image = await decode(path(row));
      const look = await scorer.look(image);
      const kinds = await scorer.patchesOf(look, { most: MAX_SAMPLE_PATCHES });
      const sample = { key: image.sha256, rawScore: look.output.score, kinds, looks: [] };
      tests.push({ look, sample, anomalous: row.label === '1' });
    }
    const reviewed = tests.slice(0, CORRECTIONS);
    const measured = tests.slice(CORRECTIONS);
    const scoreAll = async (golden: readonly PartSample[], of: readonly Test[]) => {
      // As many patches as the product keeps of so many samples.
      const most = Math.floor(MAX_SAMPLE_PATCHES / golden.length);
      const thinned = golden.map((sample) => thinSample(sample, scorer.shape.width, most));
      const data = await buildPartBank(thinned, scorer.tools);
      const bank = openPartBank(data, scorer.tools);
      const scores: number[] = [];
      for (const { look } of of) {
        const comparison = await bank.compare({ layout: look.layout, levels: look.encoding.levels });
        scores.push(fuseScore(look.output.score, comparison, calibration));
      }
      return { scores, good: leftOutScores(data, calibration).flatMap((score) => score ?? []) };
    };
    for (const shots of SHOTS.filter((count) => count <= samples.length)) {
      const golden = samples.slice(0, shots);
      const before = await scoreAll(golden, tests);
      const corrected = reviewed.map(({ anomalous }, index) => ({ score: before.scores[index] ?? 0, anomalous }));
      const taught = [...golden, ...reviewed.filter(({ anomalous }) => !anomalous).map(({ sample }) => sample)];
      const wrong = reviewed.filter(({ anomalous }) => anomalous);
      const after = await scoreAll(taught, [...wrong, ...measured]);
      const defects = after.scores.slice(0, wrong.length);
      const labels = measured.map(({ anomalous }) => anomalous);
      const judged = (scores: number[], known: { good: number[]; defects: number[] }, count: number): Judged => {
        const threshold = thresholdOf(known);
        return { scores, threshold, right: rightShare({ scores, threshold, labels, count }, calibration) };
      };
      const entry: Case = {
        ...{ set: category, shots, good: before.good, corrected, labels },
        before: judged(before.scores.slice(CORRECTIONS), { good: before.good, defects: [] }, golden.length),
        after: {
          ...judged(after.scores.slice(wrong.length), { good: after.good, defects }, taught.length),
          ...{ good: after.good, defects },
        },
      };
      cases.push(entry);
      process.stdout.write(`${line(entry)}\n`);
      if (values.out !== undefined) {
        await writeFile(values.out, JSON.stringify(cases));
      }
    }
  }
  await scorer.close();
}

/** The threshold that a part with these scores has. */
function thresholdOf({ good, defects }: { good: readonly number[]; defects: readonly number[] }): number | null {
  const scored = (kind: 'golden' | 'defect') => (score: number) => ({ kind, score, scoreKey: null });
  return suggested([...good.map(scored('golden')), ...defects.map(scored('defect'))]).threshold;
}

/** The share of right verdicts; an unsure one counts as what it leans to. */
function rightShare(
  { scores, threshold, labels, count }: Pick<Judged, 'scores' | 'threshold'> & { labels: boolean[]; count: number },
  calibration: CalibrationManifest,
): number {
  const right = scores.filter((score, index) => {
    const judgement = judge(score, { kind: 'part', count }, undefined, calibration, threshold ?? undefined);
    return leansAnomalous(judgement) === labels[index];
  });
  return right.length / Math.max(1, labels.length);
}

function line({ set, shots, before, after, labels }: Case): string {
  const quality = (scores: number[]) =>
    rankQuality(scores.map((score, index) => ({ score, anomalous: labels[index] ?? false })));
  const number = (value: number | null) => (value === null ? '  -  ' : value.toFixed(3));
  const of = (each: Judged) =>
    `AUROC ${number(quality(each.scores))}, right ${number(each.right)} at ${each.threshold?.toFixed(3) ?? 'the bundle’s'}`;
  return `${set} ${shots}: ${of(before)}; after ${of(after)} (${labels.length} images)`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
