import { getEngine } from '@/lib/engine/worker/client';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { openSet, withScratch } from '@/lib/evaluation/open-set';
import { answerMetrics, judgeAnswer, type GivenAnswer, type JudgedAnswer } from '@/lib/evaluation/answers/judge';
import {
  type AnswerCase,
  detectionCases,
  readCases,
  type TemplateKind,
  templateKinds,
  toConversations,
} from '@/lib/evaluation/answers/cases';
import { paperTable, writePaperTable } from '@/lib/evaluation/answers/paper-tables';
import { scoreAnswer } from '@/lib/evaluation/answers/score-with-engine';
import { answerWith } from '@/lib/engines/answer';
import { findEngine, type NamedEngine, type RemoteEngine, withoutFallback } from '@/lib/engines/registry';
import type { TurnMessage } from '@/lib/turn/types';
import { progressBar } from '@/lib/evaluation/progress-bar';
import { sampleWithoutReplacement, seededRandom } from '@/lib/common/random';
import { messageOf } from '@/lib/common/message-of';
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
  templates: TemplateKind;
  judge?: string;
  table?: true;
  out?: string;
};

/**
 * `looktwice eval-answers`: what the assistant says about a data set, judged. Answers are greedy, so that a run can be
 * repeated.
 */
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
    .addOption(
      new Option('--templates <KIND>', 'which of them: any (as the programs of MMAD), or the most similar')
        .choices(templateKinds)
        .default('random'),
    )
    .option(
      '--judge <NAME>',
      'engine that scores each answer against its reference from 1 to 10; it gets question, reference and answer',
    )
    .option('--table', "print the table of the benchmark's paper as Markdown in place of JSON")
    .option('--out <ANSWERS.json>', 'also write every answer and its judgement there')
    .action((dataset: string, flags: AnswerFlags) =>
      withScratch((scratch) => evaluateAnswers(dataset, flags, scratch)),
    );
}

const NO_TABLE = "--table needs --questions with the file of a paper's benchmark (VisA-D&R or MMAD).";

/** So many questions in a row that cannot be asked say that it is not the questions. */
const MAX_FAILURES = 5;

/** An engine whose answers are its own: nobody else's may be measured under its name. */
async function measuredEngine(name: string | undefined): Promise<NamedEngine> {
  const engine = await findEngine(name ?? null);
  return engine.kind === 'remote' ? withoutFallback(engine) : engine;
}

async function findJudge(name: string | undefined): Promise<RemoteEngine | undefined> {
  const engine = name === undefined ? undefined : await measuredEngine(name);
  if (engine?.kind === 'embedded') {
    throw new UsageError('--judge needs an engine elsewhere: the embedded model compares no texts.');
  }
  return engine;
}

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
  const engine = await measuredEngine(flags.engine);
  const judge = await findJudge(flags.judge);
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
  let failures = 0;
  for (const [index, entry] of cases.entries()) {
    bar.update({ done: index, total: cases.length, category: entry.id });
    try {
      const given = await answerOne(entry, { flags, engine, said, signal });
      ({ bundle } = given);
      said = { id: entry.id, messages: given.messages };
      judged.push(judgeAnswer(entry, given));
      answered.push(entry);
      if (judge !== undefined && entry.reference !== undefined) {
        const texts = { question: entry.question, reference: entry.reference, answer: given.text };
        const last = judged.at(-1) as JudgedAnswer;
        last.score = await scoreAnswer(judge, texts, signal);
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      problems.push({ where: entry.id, message: messageOf(error) });
      failures += 1;
      if (failures === MAX_FAILURES) {
        const left = cases.length - index - 1;
        problems.push({ where: 'all', message: `${failures} questions in a row failed: ${left} were not asked.` });
        break;
      }
    }
  }
  bar.update({ done: cases.length, total: cases.length, category: 'done' });
  bar.end();
  const { limit = null, seed, maxTokens, references, templates } = flags;
  const table = paper === null ? null : paperTable(paper, answered, judged);
  const report = {
    dataset: basename(dataset),
    bundle,
    options: {
      questions: flags.questions === undefined ? null : basename(flags.questions),
      limit,
      seed,
      maxTokens,
      engine: flags.engine ?? null,
      references,
      templates,
      judge: judge === undefined ? null : `${judge.name}/${judge.config.model}`,
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

type Run = { flags: AnswerFlags; engine: NamedEngine; said: Said | undefined; signal: AbortSignal };

async function answerOne(
  { path, question, follows, normals }: AnswerCase,
  { flags: { maxTokens, references, templates }, engine, said, signal }: Run,
): Promise<GivenAnswer & { bundle: string; messages: TurnMessage[] }> {
  if (follows !== undefined && said?.id !== follows) {
    throw new Error('The question before it in its conversation was not answered.');
  }
  const image = (file: string) => ({ id: file, name: basename(file), source: { path: file } });
  const isFirst = follows === undefined;
  const named = normals?.[templates] ?? [];
  // A file that names one kind only is asked with that.
  const shown = named.length > 0 ? named : [...(normals?.random ?? []), ...(normals?.similar ?? [])];
  const asked: TurnMessage = {
    role: 'user',
    text: question,
    images: isFirst ? [image(path)] : [],
    references: isFirst ? shown.slice(0, references).map(image) : [],
  };
  const messages = [...(isFirst ? [] : (said?.messages ?? [])), asked];
  const answer = new Answer();
  const { bundle, context } = await answerWith(
    engine,
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
