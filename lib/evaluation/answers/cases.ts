import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { DatasetTree } from '@/lib/datasets/readers/tree';
import { DatasetError, type DatasetListing } from '@/lib/datasets/readers/types';
import { messageOf } from '@/lib/engine/errors';
import { choicePrompt, type ChoiceQuestion } from '../metrics/choices';

/** One question about one image. `label` (anomalous or not), `reference` (an answer to compare with) and `choice` say how it is judged. */
export type AnswerCase = {
  id: string;
  path: string;
  question: string;
  label?: 0 | 1;
  reference?: string;
  choice?: ChoiceQuestion;
};

/** The question of the detection part of VisA-D&R, in our words. */
export const DETECTION_QUESTION = 'Are there any anomalies or defects in this image?';

const MAX_QUESTION_BYTES = 256 * 1024 * 1024;

const lineSchema = z.object({
  image: z.string().min(1),
  question: z.string().min(1),
  answer: z.string().min(1).optional(),
  label: z.union([z.literal(0), z.literal(1)]).optional(),
});

const mmadSchema = z.record(
  z.string(),
  z.object({
    conversation: z.array(
      z.object({
        Question: z.string().min(1),
        Answer: z.string().min(1),
        Options: z.record(z.string().regex(/^[A-Z]$/), z.string()),
        type: z.string(),
      }),
    ),
  }),
);

/** The detection question about every test image of a set. */
export function detectionCases(listing: DatasetListing): AnswerCase[] {
  return listing.items
    .filter((item) => item.split === 'test')
    .map(({ id, path: file, label }) => ({ id, path: file, label, question: DETECTION_QUESTION }));
}

/**
 * Reads questions from a file: MMAD's `mmad.json` (image -> conversation of multiple-choice questions), or JSON lines with image,
 * question and optionally answer (a reference text) and label (0 or 1).
 *
 * @param directory the images' folder; images outside it are refused
 * @throws DatasetError naming the line or image that is wrong
 */
export async function readCases(file: string, directory: string): Promise<AnswerCase[]> {
  const tree = await DatasetTree.open(directory);
  const state = await stat(file).catch(() => undefined);
  if (state?.isFile() !== true || state.size > MAX_QUESTION_BYTES) {
    throw new DatasetError(`${file} is no file of questions, or larger than ${MAX_QUESTION_BYTES} bytes.`);
  }
  const text = await readFile(file, 'utf8');
  return path.extname(file) === '.json' ? readMmad(text, file, tree) : readLines(text, file, tree);
}

async function readLines(text: string, file: string, tree: DatasetTree): Promise<AnswerCase[]> {
  const cases: AnswerCase[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') {
      continue;
    }
    const where = `${file}, line ${index + 1}`;
    const { image, question, answer, label } = parse(line, lineSchema, where);
    const id = `${image}#${index + 1}`;
    cases.push({
      id,
      path: await locate(tree, image, where),
      question,
      ...(answer === undefined ? {} : { reference: answer }),
      ...(label === undefined ? {} : { label }),
    });
  }
  return cases;
}

async function readMmad(text: string, file: string, tree: DatasetTree): Promise<AnswerCase[]> {
  const cases: AnswerCase[] = [];
  for (const [image, { conversation }] of Object.entries(parse(text, mmadSchema, file))) {
    const located = await locate(tree, image, file);
    for (const [index, { Question, Answer, Options, type }] of conversation.entries()) {
      const choice = { type, question: Question, options: Options, answer: Answer };
      cases.push({ id: `${image}#${index + 1}`, path: located, question: choicePrompt(choice), choice });
    }
  }
  return cases;
}

function parse<T>(text: string, schema: z.ZodType<T>, where: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new DatasetError(`${where} holds no question that is understood: ${messageOf(error)}`);
  }
}

async function locate(tree: DatasetTree, image: string, where: string): Promise<string> {
  const located = await tree.locate(image);
  if (located === undefined || located === 'unsafe') {
    throw new DatasetError(
      `${where}: the image ${image} ${located === undefined ? 'does not exist' : 'lies outside the folder'}.`,
    );
  }
  return located;
}
