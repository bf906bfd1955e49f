import { z } from 'zod';
import { DatasetError } from '@/lib/datasets/readers/types';
import { choicePrompt } from '../metrics/choices';
import type { AnswerCase, Questions } from './cases';

/** Benchmarks of papers whose own files are read, with their protocols and tables. */
export type Paper = 'visa-dr-detection' | 'visa-dr-reasoning' | 'mmad';

/** The question of VisA-D&R's detection part, word for word: figures compare under the same prompt only. */
export const VISA_DR_QUESTION = "Are there any defects for the object in the image? Please reply with 'Yes' or 'No'.";

/** Objects that the paper's reasoning part leaves out, there being many boards already. */
const LEFT_OUT = /pcb2|pcb4/;

/** Normal images that may be shown beside a picture. */
const MAX_NORMALS = 8;
const MAX_REASON = 300;

const text = z.string().min(1);
/** `test_data.json`: which images show an anomaly. */
const detectionSchema = z
  .array(z.object({ image: text, anomaly: z.union([z.boolean(), z.int().min(0).max(1)]) }))
  .min(1);
/**
 * `visa_dr.json`: the questions of a conversation about an image, with the answers to compare with where the file has
 * them.
 */
const reasoningSchema = z
  .array(z.object({ image: text, questions: z.array(text).min(1), answers: z.array(z.string()).optional() }))
  .min(1);
/** The same as pairs to tune on, as Anomaly-Instruct has them: turns of a human and of the model. */
const instructSchema = z
  .array(z.object({ image: text, conversations: z.array(z.object({ from: text, value: z.string() })).min(2) }))
  .min(1);
/** `mmad.json`: multiple-choice questions by image, and normal images beside it. */
const mmadQuestions = z.array(
  z.object({
    Question: text,
    Answer: text,
    Options: z.record(z.string().regex(/^[A-Z]$/), z.string()),
    type: z.string(),
  }),
);
/** Its programs take the first field whose name begins with "conversation"; an image without one is asked nothing. */
const mmadSchema = z.record(
  z.string(),
  z
    .looseObject({ random_templates: z.array(text).default([]), similar_templates: z.array(text).default([]) })
    .transform(({ random_templates: random, similar_templates: similar, ...rest }, context) => {
      const [name, value = []] = Object.entries(rest).find(([key]) => key.startsWith('conversation')) ?? [];
      const parsed = mmadQuestions.safeParse(value);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        context.addIssue({ code: 'custom', path: [name ?? '', ...(issue?.path ?? [])], message: issue?.message ?? '' });
        return z.NEVER;
      }
      return { conversation: parsed.data, random, similar };
    }),
);

type Locate = (image: string) => Promise<string>;
type Talk = { image: string; questions: string[]; answers: string[] };

const objectOf = (image: string) => image.split('/').at(1) ?? image;

async function detection(entries: z.infer<typeof detectionSchema>, locate: Locate): Promise<AnswerCase[]> {
  const cases: AnswerCase[] = [];
  for (const { image, anomaly } of entries) {
    const label = anomaly === true || anomaly === 1 ? 1 : 0;
    cases.push({ id: image, path: await locate(image), question: VISA_DR_QUESTION, label, group: objectOf(image) });
  }
  return cases;
}

async function reasoning(talks: readonly Talk[], locate: Locate): Promise<AnswerCase[]> {
  const cases: AnswerCase[] = [];
  for (const { image, questions, answers } of talks.filter(({ image: name }) => !LEFT_OUT.test(name))) {
    const located = await locate(image);
    for (const [index, question] of questions.entries()) {
      const reference = answers[index];
      cases.push({
        id: `${image}#${index + 1}`,
        path: located,
        question,
        group: `question ${index + 1}`,
        ...(index > 0 && { follows: `${image}#${index}` }),
        ...(reference !== undefined && reference !== '' && { reference }),
      });
    }
  }
  return cases;
}

const toTalk = ({ image, conversations }: z.infer<typeof instructSchema>[number]): Talk => {
  const said = (wanted: RegExp) =>
    conversations.filter(({ from }) => wanted.test(from)).map(({ value }) => value.replace(/<image>\s*/g, '').trim());
  return { image, questions: said(/^(?:human|user)$/i), answers: said(/^(?:gpt|assistant)$/i) };
};

async function mmad(entries: z.infer<typeof mmadSchema>, locate: Locate): Promise<AnswerCase[]> {
  const cases: AnswerCase[] = [];
  // A template that is missing is missed only by who wants it.
  const locateAll = async (names: readonly string[]) => {
    const found = await Promise.all(names.slice(0, MAX_NORMALS).map((name) => locate(name).catch(() => null)));
    return found.filter((each) => each !== null);
  };
  for (const [image, { conversation, random, similar }] of Object.entries(entries)) {
    if (conversation.length === 0) {
      continue;
    }
    const located = await locate(image);
    const normals = { random: await locateAll(random), similar: await locateAll(similar) };
    for (const [index, { Question, Answer, Options, type }] of conversation.entries()) {
      const choice = { type, question: Question, options: Options, answer: Answer };
      cases.push({
        id: `${image}#${index + 1}`,
        path: located,
        question: choicePrompt(choice),
        choice,
        group: image.split('/')[0] ?? image,
        normals,
      });
    }
  }
  return cases;
}

/**
 * Reads the file of a paper's benchmark: VisA-D&R's `test_data.json` and `visa_dr.json` (or its conversations in
 * Anomaly-Instruct's form), or MMAD's `mmad.json`.
 *
 * @param locate the path of an image of the file; throws where there is none
 * @throws DatasetError when the file is none of these
 */
export async function readPaperCases(value: unknown, file: string, locate: Locate): Promise<Questions> {
  const isList = Array.isArray(value);
  const detections = isList ? detectionSchema.safeParse(value) : undefined;
  if (detections?.success === true) {
    return { paper: 'visa-dr-detection', cases: await detection(detections.data, locate) };
  }
  const talks = isList ? reasoningSchema.safeParse(value) : undefined;
  if (talks?.success === true) {
    const read = talks.data.map(({ answers = [], ...rest }) => ({ ...rest, answers }));
    return { paper: 'visa-dr-reasoning', cases: await reasoning(read, locate) };
  }
  const pairs = isList ? instructSchema.safeParse(value) : undefined;
  if (pairs?.success === true) {
    return { paper: 'visa-dr-reasoning', cases: await reasoning(pairs.data.map(toTalk), locate) };
  }
  const choices = isList ? undefined : mmadSchema.safeParse(value);
  if (choices?.success === true) {
    return { paper: 'mmad', cases: await mmad(choices.data, locate) };
  }
  const error = (choices ?? talks)?.error;
  const why = error === undefined ? '' : ` (${z.prettifyError(error).slice(0, MAX_REASON)})`;
  throw new DatasetError(
    `${file} holds no question that is understood: it is neither VisA-D&R's test_data.json or visa_dr.json nor MMAD's mmad.json${why}.`,
  );
}
