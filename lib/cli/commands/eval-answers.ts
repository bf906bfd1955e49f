import { getEngine } from '@/lib/engine/worker/client';
import { basename } from 'node:path';
import { type Command } from 'commander';
import { openSet, withScratch } from '@/lib/evaluation/open-set';
import { answerMetrics, judgeAnswer, type GivenAnswer, type JudgedAnswer } from '@/lib/evaluation/answers/judge';
import { type AnswerCase, detectionCases, readCases, toConversations } from '@/lib/evaluation/answers/cases';
import { paperTable, writePaperTable } from '@/lib/evaluation/answers/paper-tables';
import { answerWith } from '@/lib/engines/answer';
import { findEngine } from '@/lib/engines/registry';
import type { TurnMessage } from '@/lib/turn/types';
import { progressBar } from '@/lib/evaluation/progress-bar';
import { sampleWithoutReplacement, seededRandom } from '@/lib/evaluation/random';
import { messageOf } from '@/lib/engine/errors';
import { decodeRle } from '@/lib/segmentation/rle';
import { Answer } from '../answer';
import { interruptSignal } from '../engine';
import { integer } from '../option-values';
import { checkWritable, writeResult } from '../output-file';
import { UsageError } from '../usage-error';

type AnswerFlags = {
  questions?: string;
  limit?: number;
  seed: number;
  maxTokens: number;
  engine?: string;
  references: number;
  table?: true;
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
      "JSON lines (image, question, answer, label), VisA-D&R's test_data.json or visa_dr.json, or mmad.json; else one yes/no question per test image",
    )
    .option('--limit <N>', 'at most N questions (conversations), drawn by the seed', integer(1, 1_000_000))
    .option('--seed <S>', 'seed of the draw', integer(0, 2 ** 31 - 1), 0)
    .option('--max-tokens <N>', 'longest answer', integer(8, 1024), 160)
    .option('--engine <NAME>', 'who answers (looktwice engines list); its machine gets questions and pictures')
    .option(
      '--references <N>',
      'normal images beside each picture, where the questions name some (MMAD)',
      integer(0, 8),
      0,
    )
    .option('--table', "print the table of the benchmark's paper as Markdown in place of JSON")
    .option('--out <ANSWERS.json>', 'also write every answer and its judgement there')
    .action((dataset: string, flags: AnswerFlags) =>
      withScratch((scratch) => evaluateAnswers(dataset, flags, scratch)),
    );
}

const NO_TABLE = "--table needs --questions with the file of a paper's benchmark (VisA-D&R or MMAD).";

/** What was said in a conversation so far, by the id of its last case. */
type Said = { id: string; messages: TurnMessage[] };

async function evaluateAnswers(dataset: string, flags: AnswerFlags, scratch: string): Promise<void> {
  await checkWritable('--out', flags.out);
  if (flags.table === true && flags.questions === undefined) {
    throw new UsageError(NO_TABLE);
  }
  const { paper, cases: all } =
    flags.questions === undefined
      ? { paper: null, cases: detectionCases((await openSet(dataset, 'auto', scratch)).listing) }
      : await readCases(flags.questions, dataset);
  if (flags.table === true && paper === null) {
    throw new UsageError(NO_TABLE);
  }
  const talks = toConversations(all);
  const drawn =
    flags.limit === undefined ? talks : sampleWithoutReplacement(talks, flags.limit, seededRandom(flags.seed));
  const cases = drawn.flat();
  const signal = interruptSignal();
  const bar = progressBar(process.stderr);
  const judged: JudgedAnswer[] = [];
  const answered: AnswerCase[] = [];
  const problems: { where: string; message: string }[] = [];
  let bundle = '';
  let said: Said | undefined;
  for (const [index, entry] of cases.entries()) {
    bar.update({ done: index, total: cases.length, category: entry.id });
    try {
      const given = await answerOne(entry, { flags, said, signal });
      ({ bundle } = given);
      said = { id: entry.id, messages: given.messages };
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
  const { limit = null, seed, maxTokens, engine = null, references } = flags;
  const table = paper === null ? null : paperTable(paper, answered, judged);
  const report = {
    dataset: basename(dataset),
    bundle,
    options: {
      questions: flags.questions === undefined ? null : basename(flags.questions),
      limit,
      seed,
      maxTokens,
      engine,
      references,
    },
    metrics: answerMetrics(answered, judged),
    table,
    problems,
  };
  process.stdout.write(
    flags.table === true && table !== null ? writePaperTable(table) : `${JSON.stringify(report, null, 2)}\n`,
  );
  if (flags.out !== undefined) {
    const answers = judged.map((answer, index) => ({ ...answer, reference: answered[index]?.reference ?? null }));
    await writeResult(flags.out, `${JSON.stringify({ ...report, answers }, null, 2)}\n`);
  }
  if (problems.length > 0) {
    process.exitCode = 1;
  }
}

type Run = { flags: AnswerFlags; said: Said | undefined; signal: AbortSignal };

async function answerOne(
  { path, question, follows, normals = [] }: AnswerCase,
  { flags: { maxTokens, engine, references }, said, signal }: Run,
): Promise<GivenAnswer & { bundle: string; messages: TurnMessage[] }> {
  if (follows !== undefined && said?.id !== follows) {
    throw new Error('The question before it in its conversation was not answered.');
  }
  const image = (file: string) => ({ id: file, name: basename(file), source: { path: file } });
  const isFirst = follows === undefined;
  const asked: TurnMessage = {
    role: 'user',
    text: question,
    images: isFirst ? [image(path)] : [],
    references: isFirst ? normals.slice(0, references).map(image) : [],
  };
  const messages = [...(isFirst ? [] : (said?.messages ?? [])), asked];
  const answer = new Answer();
  const { bundle, context } = await answerWith(
    await findEngine(engine ?? null),
    { messages, focus: path, settings: { temperature: 0, maxTokens } },
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
  return {
    isUnsure,
    text: answer.text,
    mask: first === undefined ? undefined : decodeRle(first.rle),
    bundle,
    messages: [...messages, { role: 'assistant', text: answer.text, context }],
  };
}
