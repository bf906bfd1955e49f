/**
 * What judging images among each other is worth, as the chat and `looktwice inspect --together` do it: for categories
 * of a manifest.csv, sets of each size of which a quarter is defective; how well scores rank (image AUROC) and how many
 * verdicts are right, beside each image judged alone. An unsure verdict counts as what it leans to.
 *   node --import tsx tests/bench/sets-together.ts [--sizes 8,16,40] [--draws 3] MANIFEST.csv:CATEGORY...
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { leansAnomalous } from '@/lib/contract/verdict';
import { rankQuality } from '@/lib/datasets/calibrate/threshold';
import { Engine } from '@/lib/engine/worker/client';
import { judgeTogether } from '@/lib/engine/worker/judge-together';
import { deriveSeed } from '@/lib/common/random';
import type { Inspection } from '@/lib/turn/perception';
import { shuffled } from './support/shuffled';

type Row = { image: string; category: string; label: string };
type Judged = { inspection: Pick<Inspection, 'score' | 'verdict' | 'probability' | 'basis'>; anomalous: boolean };

const DEFECTIVE = 0.25;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: '8,16,40' },
    draws: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
});

const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);

function measure(judged: readonly Judged[]): { auroc: number; right: number } {
  const auroc = rankQuality(judged.map(({ inspection, anomalous }) => ({ score: inspection.score, anomalous })));
  const right = judged.filter(({ inspection, anomalous }) => leansAnomalous(inspection) === anomalous).length;
  return { auroc: auroc ?? NaN, right: right / judged.length };
}

async function main(): Promise<void> {
  const engine = new Engine();
  for (const name of positionals) {
    const at = name.lastIndexOf(':');
    const [manifest, category] = [name.slice(0, at), name.slice(at + 1)];
    const rows = parse<Row>(await readFile(manifest), { columns: true }).filter((row) => row.category === category);
    const alone = new Map<string, Inspection>();
    for (const size of values.sizes.split(',').map(Number)) {
      const results: { together: ReturnType<typeof measure>; apart: ReturnType<typeof measure>; inSet: number }[] = [];
      let seconds = 0;
      for (let draw = 0; draw < Number(values.draws); draw += 1) {
        const seed = deriveSeed(Number(values.seed), `${category} ${size} ${draw}`);
        const pick = (label: string, count: number) =>
          shuffled(
            rows.filter((row) => row.label === label),
            seed,
          ).slice(0, count);
        const bad = pick('1', Math.round(size * DEFECTIVE));
        const set = shuffled([...bad, ...pick('0', size - bad.length)], seed);
        const pathOf = (row: Row) => join(dirname(manifest), row.image);
        const started = performance.now();
        const found = await judgeTogether(
          engine,
          set.map((row) => ({ key: row.image, image: { path: pathOf(row) } })),
          { key: 'bench' },
        );
        seconds += (performance.now() - started) / 1000;
        const judged: Judged[] = [];
        const apart: Judged[] = [];
        for (const [index, row] of set.entries()) {
          const anomalous = row.label === '1';
          const one = found[index];
          if (one === undefined || 'error' in one) {
            throw new Error(`${row.image} was not judged.`);
          }
          judged.push({ inspection: one.inspection, anomalous });
          const known =
            alone.get(row.image) ?? (await engine.inspect({ image: { path: pathOf(row) } }, { key: 'bench' }));
          alone.set(row.image, known);
          apart.push({ inspection: known, anomalous });
        }
        const inSet = judged.filter(({ inspection }) => inspection.basis.kind === 'set').length;
        results.push({ together: measure(judged), apart: measure(apart), inSet: inSet / judged.length });
      }
      const of = (pick: (each: (typeof results)[number]) => number) => mean(results.map(pick)).toFixed(3);
      process.stdout.write(
        `${category} ${size}: together AUROC ${of(({ together }) => together.auroc)}, right ${of(({ together }) => together.right)}; ` +
          `alone AUROC ${of(({ apart }) => apart.auroc)}, right ${of(({ apart }) => apart.right)}; ` +
          `${of(({ inSet }) => inSet)} of one kind; ${(seconds / Number(values.draws)).toFixed(0)} s a set\n`,
      );
    }
  }
  await engine.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
