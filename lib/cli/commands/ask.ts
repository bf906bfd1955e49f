import { getEngine } from '@/lib/engine/worker/client';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { expandCommand } from '@/lib/contract/commands';
import { limits } from '@/lib/contract';
import type { PartsAsked } from '@/lib/anomaly/part-finding';
import { answerWith } from '@/lib/engines/answer';
import { findEngine } from '@/lib/engines/registry';
import type { TurnImage, TurnMessage } from '@/lib/turn/types';
import { Answer } from '../answer';
import { askedPart } from '../asked-part';
import { interruptSignal } from '../engine';
import { collect, integer, number, PAGE_OPTION, WINDOW_OPTION } from '../option-values';
import { maskPng } from '../mask-png';
import { checkWritable, writeResult } from '../output-file';
import { ProgressLine } from '../progress';
import { type Session, readSession, writeSession } from '../session-file';
import { UsageError } from '../usage-error';

type AskFlags = {
  mask?: string;
  reference: string[];
  part?: string;
  session?: string;
  page?: number;
  values?: { low: number; high: number };
  json?: true;
  temperature?: number;
  topP?: number;
  repetitionPenalty?: number;
  maxTokens?: number;
  seed?: number;
  engine?: string;
};

/** `looktwice ask`: one question about an image, or the next one of a session. */
export function registerAsk(program: Command): void {
  program
    .command('ask')
    .description('ask about an image; the answer streams to standard output')
    .usage('[options] IMAGE "QUESTION"   (or, in a session: "QUESTION")')
    .argument('<image>', 'image file; left out for a further question of a session')
    .argument('[question]', 'the question')
    .option('--mask <OUT.png>', 'write what the answer points at there (grey, 255 = marked)')
    .option('-r, --reference <NORMAL.png>', 'a normal image to compare with (repeat for more)', collect, [])
    .option('--part <NAME>', 'compare with the good samples of this part (looktwice part list)')
    .option('--session <FILE>', 'keep the conversation in this file across calls')
    .option(...PAGE_OPTION)
    .option(...WINDOW_OPTION)
    .option('--json', 'print one JSON object at the end instead of streaming text')
    .option('--temperature <T>', 'randomness of the wording, 0 to 2 (0: none)', number(0, 2))
    .option('--top-p <P>', 'share of the likeliest tokens to choose from', number(0.01, 1))
    .option('--repetition-penalty <R>', 'how much to avoid repeating, 1 to 2', number(1, 2))
    .option('--max-tokens <N>', 'longest answer', integer(1, 1024))
    .option('--seed <S>', 'seed of the sampling', integer(0, 2 ** 31 - 1))
    .option('--engine <NAME>', 'who writes the answer (looktwice engines list); its machine gets question and pictures')
    .action(ask);
}

/** How the image is to be read. */
type Reading = { page?: number | undefined; values?: AskFlags['values'] | undefined };

/** The same file read in another way is another image of the conversation. */
function imageId(path: string, { page, values }: Reading): string {
  const window = values === undefined ? '' : ` values ${values.low} to ${values.high}`;
  return `${resolve(path)}${page === undefined ? '' : ` page ${page}`}${window}`;
}

const toImage = (path: string, reading: Reading): TurnImage => ({
  id: imageId(path, reading),
  name: basename(path),
  source: {
    path: resolve(path),
    ...(reading.page !== undefined && { page: reading.page }),
    ...(reading.values !== undefined && { window: reading.values }),
  },
});

/**
 * The branch with the new question; an image that the session knows is not sent again, unless with other references.
 */
function nextMessages(
  session: Session,
  image: string | undefined,
  { parts, ...flags }: Omit<AskFlags, 'part'> & { parts: PartsAsked | undefined },
  text: string,
): TurnMessage[] {
  const { reference: references, values } = flags;
  const wanted = image === undefined ? [] : [{ ...toImage(image, flags), ...(parts !== undefined && { parts }) }];
  const known = new Set(
    session.messages.flatMap((message) => (message.role === 'user' ? message.images.map(({ id }) => id) : [])),
  );
  const images = wanted.filter(({ id }) => !known.has(id) || references.length > 0 || parts !== undefined);
  return [
    ...session.messages,
    { role: 'user', text, images, references: references.map((file) => toImage(file, { values })) },
  ];
}

/** The question itself, `/commands` expanded. */
function checkQuestion(question: string): string {
  const text = question.trim();
  if (text === '') {
    throw new UsageError('The question is empty: say what you want to know, in quotes, after the image.');
  }
  if (text.length > limits.textLength) {
    throw new UsageError(`The question has ${text.length} characters, the limit is ${limits.textLength}: shorten it.`);
  }
  return expandCommand(text).question;
}

async function ask(first: string, second: string | undefined, flags: AskFlags): Promise<void> {
  const session = await readSession(flags.session);
  const image = second === undefined ? undefined : first;
  if (image === undefined && session.messages.length === 0) {
    throw new UsageError('Give an image and a question: looktwice ask IMAGE "QUESTION".');
  }
  const question = checkQuestion(second ?? first);
  if (image === undefined && flags.reference.length > 0) {
    throw new UsageError('--reference needs the image to compare: looktwice ask IMAGE "QUESTION" --reference NORMAL.');
  }
  if (flags.part !== undefined && (image === undefined || flags.reference.length > 0)) {
    throw new UsageError(
      '--part needs an image, and no --reference beside it: looktwice ask IMAGE "QUESTION" --part NAME.',
    );
  }
  await checkWritable('--mask', flags.mask);
  await checkWritable('--session', flags.session);

  const parts = await askedPart(flags.part);
  const messages = nextMessages(session, image, { ...flags, parts }, question);
  const focus = image === undefined ? session.focus : imageId(image, flags);
  const { temperature, topP, repetitionPenalty, maxTokens, seed } = flags;
  const answer = new Answer();
  const progress = new ProgressLine(process.stderr, image ?? '');
  const result = await answerWith(
    await findEngine(flags.engine ?? null),
    { messages, focus, settings: { temperature, topP, repetitionPenalty, maxTokens, seed } },
    {
      key: 'cli',
      signal: interruptSignal(),
      onEvent(event) {
        if (!('type' in event) || event.type === 'status') {
          progress.update(event);
          return;
        }
        answer.add(event);
        if (event.type === 'inspection' && flags.json !== true) {
          progress.clear();
          event.inspection.notes.forEach((note) => process.stderr.write(`${event.imageId}: ${note}\n`));
        }
        if (event.type === 'text' && flags.json !== true) {
          progress.clear();
          process.stdout.write(event.delta);
        }
        if (event.type === 'engine' && event.fallback !== null) {
          progress.clear();
          process.stderr.write(`${event.fallback.reason} The ${event.fallback.to} model answers instead.\n`);
        }
      },
    },
    getEngine(),
  ).finally(() => progress.clear());

  const mask = flags.mask === undefined ? undefined : await maskPng(answer.masks.map(({ rle }) => rle));
  if (flags.mask !== undefined && mask !== undefined) {
    await writeResult(flags.mask, mask);
  }
  if (flags.session !== undefined) {
    messages.push({ role: 'assistant', text: answer.text, context: result.context });
    await writeSession(flags.session, { bundle: result.bundle, focus, messages });
  }
  if (flags.json === true) {
    const { finishReason, bundle } = result;
    process.stdout.write(
      `${JSON.stringify({ image: image ?? focus, question, ...answer.toJson(), finishReason, bundle })}\n`,
    );
    return;
  }
  process.stdout.write('\n');
  for (const { text } of answer.notices) {
    process.stdout.write(`\nNote: ${text}\n`);
  }
  if (flags.mask !== undefined) {
    process.stderr.write(
      mask === undefined ? 'Nothing was marked, so no mask was written.\n' : `Wrote ${flags.mask}\n`,
    );
  }
}
