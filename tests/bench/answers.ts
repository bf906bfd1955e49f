/**
 * Asks the assistant about images of annotated sets and checks every answer: verdict against the label, mask against verdict,
 * statements about place, extent and number against the returned mask, repeated sentences.
 *
 * Usage: npx tsx tests/bench/answers.ts MANIFEST.csv... [--n IMAGES_PER_LABEL_AND_SET] [--out ANSWERS.jsonl]
 * A manifest.csv has the columns image and label (0 normal, 1 anomalous), paths relative to it. Prints one JSON object.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { Answer } from '@/lib/cli/answer';
import { closeEngine, openEngine } from '@/lib/cli/engine';
import { parseVerdict, verdictMetrics } from '@/lib/evaluation/metrics/verdicts';
import { measureMask } from '@/lib/segmentation/describe';
import { decodeRle } from '@/lib/segmentation/rle';
import { checkStatements } from '@/lib/segmentation/statements';

const QUESTIONS = [
  'Are there any defects? If so, output the segmentation mask and suggest corrective actions.',
  'Is there anything abnormal in this image?',
  'Do you see any damage? If so, describe where it is and how large it is.',
  'Would you identify any irregularities on the surface? If so, please output the segmentation mask.',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { n: { type: 'string', default: '10' }, out: { type: 'string' } },
});
if (positionals.length === 0) {
  console.error('Usage: npx tsx tests/bench/answers.ts MANIFEST.csv... [--n N] [--out ANSWERS.jsonl]');
  process.exit(2);
}

type Row = { image: string; label: string };

/** Evenly spread rows of one label. */
function pick(rows: readonly Row[], label: string, count: number): Row[] {
  const own = rows.filter((row) => row.label === label);
  const step = Math.max(1, own.length / count);
  return Array.from({ length: Math.min(count, own.length) }, (_, i) => own[Math.floor(i * step)]).filter(
    (row) => row !== undefined,
  );
}

const cases = positionals.flatMap((manifest) => {
  const rows = parse<Row>(readFileSync(manifest), { columns: true });
  return ['0', '1'].flatMap((label) =>
    pick(rows, label, Number(values.n)).map(({ image }) => ({
      path: resolve(dirname(manifest), image),
      label: label === '1',
    })),
  );
});

const lines: string[] = [];
const verdicts: ReturnType<typeof parseVerdict>[] = [];
const counts = { yesWithoutMask: 0, maskWithoutYes: 0, repeated: 0, cutOff: 0 };
const statements = { total: 0, agreeing: 0 };
for (const [index, { path, label }] of cases.entries()) {
  const question = QUESTIONS[index % QUESTIONS.length] ?? '';
  const answer = new Answer();
  const result = await openEngine().turn(
    {
      messages: [
        { role: 'user', text: question, images: [{ id: path, name: path, source: { path } }], references: [] },
      ],
      focus: path,
      settings: {},
    },
    { key: 'bench', onEvent: (event) => ('type' in event ? answer.add(event) : undefined) },
  );
  const verdict = parseVerdict(answer.text);
  verdicts.push(verdict);
  const [mask] = answer.masks;
  counts.yesWithoutMask += Number(verdict === 'yes' && mask === undefined);
  counts.maskWithoutYes += Number(verdict !== 'yes' && mask !== undefined);
  const sentences = answer.text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence.split(' ').length >= 4);
  counts.repeated += Number(new Set(sentences).size < sentences.length);
  counts.cutOff += Number(result.finishReason === 'length');
  const checked = mask === undefined ? [] : checkStatements(answer.text, measureMask(decodeRle(mask.rle)));
  statements.total += checked.length;
  statements.agreeing += checked.filter(({ agrees }) => agrees).length;
  lines.push(
    JSON.stringify({
      path,
      label,
      question,
      verdict,
      score: answer.inspections[0]?.inspection.score,
      text: answer.text,
      wrong: checked.filter(({ agrees }) => !agrees),
    }),
  );
  process.stderr.write(`\r${index + 1}/${cases.length}`);
}
process.stderr.write('\n');
await closeEngine();
if (values.out !== undefined) {
  writeFileSync(values.out, `${lines.join('\n')}\n`);
}
console.log(
  JSON.stringify({
    images: cases.length,
    verdicts: verdictMetrics(
      verdicts,
      cases.map(({ label }) => label),
    ),
    ...counts,
    statements: { ...statements, share: statements.total > 0 ? statements.agreeing / statements.total : null },
  }),
);
