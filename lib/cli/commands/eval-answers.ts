import { getEngine } from '@/lib/engine/worker/client';
import { basename } from 'node:path';
import { type Command } from 'commander';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { answerMetrics, judgeAnswer, type GivenAnswer, type JudgedAnswer } from '@/lib/evaluation/answers/judge';
import { type AnswerCase, detectionCases, readCases } from '@/lib/evaluation/answers/cases';
import { answerWith } from '@/lib/engines/answer';
import { findEngine } from '@/lib/engines/registry';
import { progressBar } from '@/lib/evaluation/progress-bar';
import { sampleWithoutReplacement, seededRandom } from '@/lib/evaluation/random';
import { messageOf } from '@/lib/engine/errors';
import { decodeRle } from '@/lib/segmentation/rle';
import { Answer } from '../answer';
import { interruptSignal } from '../engine';
import { integer } from '../option-values';
import { checkWritable, writeResult } from '../output-file';

type AnswerFlags = {
  questions?: string;
  limit?: number;
  seed: number;
  maxTokens: number;
  engine?: string;
  out?: string;
};

/** `looktwice eval-answers`: what the assistant says about a data set, judged. Answers are greedy, so that a run can be repeated. */
export function registerEvalAnswers(program: Command): void {
  program
    .command('eval-answers')
    .description(
      'measure answers on a data set: verdicts, agreement of text and mask, ROUGE-L, multiple choice; prints JSON',
    )
    .argument('<dataset>', 'folder of the data set')
    .option(
      '--questions <FILE>',
      'JSON lines (image, question, answer, label) or mmad.json; else one yes/no question per test image',
    )
    .option('--limit <N>', 'at most N questions, drawn by the seed', integer(1, 1_000_000))
    .option('--seed <S>', 'seed of the draw', integer(0, 2 ** 31 - 1), 0)
    .option('--max-tokens <N>', 'longest answer', integer(8, 1024), 160)
    .option('--engine <NAME>', 'who answers (looktwice engines list); its machine gets questions and pictures')
    .option('--out <ANSWERS.json>', 'also write every answer and its judgement there')
    .action(evaluateAnswers);
}

async function evaluateAnswers(dataset: string, flags: AnswerFlags): Promise<void> {
  await checkWritable('--out', flags.out);
  const all =
    flags.questions === undefined
      ? detectionCases(await readDataset(dataset))
      : await readCases(flags.questions, dataset);
  const cases = flags.limit === undefined ? all : sampleWithoutReplacement(all, flags.limit, seededRandom(flags.seed));
  const signal = interruptSignal();
  const bar = progressBar(process.stderr);
  const judged: JudgedAnswer[] = [];
  const answered: AnswerCase[] = [];
  const problems: { where: string; message: string }[] = [];
  let bundle = '';
  for (const [index, entry] of cases.entries()) {
    bar.update({ done: index, total: cases.length, category: entry.id });
    try {
      const given = await answerOne(entry, flags, signal);
      bundle = given.bundle;
      judged.push(judgeAnswer(entry, given));
      answered.push(entry);
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      problems.push({ where: entry.id, message: messageOf(error) });
    }
  }
  bar.update({ done: cases.length, total: cases.length, category: 'done' });
  bar.end();
  const { limit = null, seed, maxTokens, engine = null } = flags;
  const report = {
    dataset: basename(dataset),
    bundle,
    options: {
      questions: flags.questions === undefined ? null : basename(flags.questions),
      limit,
      seed,
      maxTokens,
      engine,
    },
    metrics: answerMetrics(answered, judged),
    problems,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  if (flags.out !== undefined) {
    const answers = judged.map((answer, index) => ({ ...answer, reference: answered[index]?.reference ?? null }));
    await writeResult(flags.out, `${JSON.stringify({ ...report, answers }, null, 2)}\n`);
  }
  if (problems.length > 0) {
    process.exitCode = 1;
  }
}

async function answerOne(
  { path, question }: AnswerCase,
  { maxTokens, engine = null }: { maxTokens: number; engine?: string | null | undefined },
  signal: AbortSignal,
): Promise<GivenAnswer & { bundle: string }> {
  const answer = new Answer();
  const image = { id: path, name: basename(path), source: { path } };
  const { bundle } = await answerWith(
    await findEngine(engine),
    {
      messages: [{ role: 'user', text: question, images: [image], references: [] }],
      focus: path,
      settings: { temperature: 0, maxTokens },
    },
    {
      key: 'eval-answers',
      signal,
      onEvent: (event) => {
        if ('type' in event) {
          answer.add(event);
        }
      },
    },
    getEngine(),
  );
  const [first] = answer.masks;
  const isUnsure = answer.notices.some(({ kind }) => kind === 'unsure');
  return { isUnsure, text: answer.text, mask: first === undefined ? undefined : decodeRle(first.rle), bundle };
}
