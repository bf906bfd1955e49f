import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { DatasetTree } from '@/lib/datasets/readers/tree';
import { DatasetError, type DatasetListing } from '@/lib/datasets/readers/types';
import { messageOf } from '@/lib/common/message-of';
import { type ChoiceQuestion } from '../metrics/choices';
import { type Paper, readPaperCases } from './paper-cases';

/**
 * Which normal images MMAD shows beside a picture: any of the part (its programs' standard), or the most similar ones.
 */
export const templateKinds = ['random', 'similar'] as const;
export type TemplateKind = (typeof templateKinds)[number];

/**
 * One question about one image. `label` (anomalous or not), `reference` (an answer to compare with) and `choice` say
 * how it is judged.
 */
export type AnswerCase = {
  id: string;
  path: string;
  question: string;
  label?: 0 | 1;
  reference?: string;
  choice?: ChoiceQuestion;
  /** Its row in the paper's table: an object of VisA-D&R, a source data set of MMAD. */
  group?: string;
  /** The question before it in the same conversation, by its id; that one comes earlier in the list. */
  follows?: string;
  /** Normal images of the same kind that may be shown beside it: any ones, and the most similar first. */
  normals?: Record<TemplateKind, string[]>;
};

/** Questions, and the benchmark that they are; null: of nobody's. */
export type Questions = { paper: Paper | null; cases: AnswerCase[] };

/** The question that is asked about the test images of a set, in our words. */
export const DETECTION_QUESTION = 'Are there any anomalies or defects in this image?';

const MAX_QUESTION_BYTES = 256 * 1024 * 1024;

const lineSchema = z.object({
  image: z.string().min(1),
  question: z.string().min(1),
  answer: z.string().min(1).optional(),
  label: z.union([z.literal(0), z.literal(1)]).optional(),
});

/** The detection question about every test image of a set. */
export function detectionCases(listing: DatasetListing): AnswerCase[] {
  return listing.items
    .filter((item) => item.split === 'test')
    .map(({ id, path: file, label }) => ({ id, path: file, label, question: DETECTION_QUESTION }));
}

/**
 * Reads questions from a file: a JSON file of a paper's benchmark (`readPaperCases`), or JSON lines with image,
 * question and optionally answer (a reference text) and label (0 or 1).
 *
 * @param directory the images' folder; images outside it are refused
 * @throws DatasetError naming the line or image that is wrong
 */
export async function readCases(file: string, directory: string): Promise<Questions> {
  const tree = await DatasetTree.open(directory);
  const state = await stat(file).catch(() => undefined);
  if (state?.isFile() !== true || state.size > MAX_QUESTION_BYTES) {
    throw new DatasetError(`${file} is no file of questions, or larger than ${MAX_QUESTION_BYTES} bytes.`);
  }
  const text = await readFile(file, 'utf8');
  if (path.extname(file) === '.json') {
    return readPaperCases(parseJson(text, file), file, (image) => locate(tree, image, file));
  }
  return { paper: null, cases: await readLines(text, file, tree) };
}

async function readLines(text: string, file: string, tree: DatasetTree): Promise<AnswerCase[]> {
  const cases: AnswerCase[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') {
      continue;
    }
    const where = `${file}, line ${index + 1}`;
    const parsed = lineSchema.safeParse(parseJson(line, where));
    if (!parsed.success) {
      throw new DatasetError(`${where} holds no question that is understood: ${z.prettifyError(parsed.error)}`);
    }
    const { image, question, answer, label } = parsed.data;
    cases.push({
      id: `${image}#${index + 1}`,
      path: await locate(tree, image, where),
      question,
      ...(answer === undefined ? {} : { reference: answer }),
      ...(label === undefined ? {} : { label }),
    });
  }
  return cases;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DatasetError(`${where} holds no question that is understood: ${messageOf(error)}`);
  }
}

/**
 * An image of a benchmark's file: as it stands there, or without the first folder, should that be the one which was
 * given.
 */
async function locate(tree: DatasetTree, image: string, where: string): Promise<string> {
  const located = (await tree.locate(image)) ?? (await tree.locate(image.replace(/^[^/]+\//, '')));
  if (located === undefined || located === 'unsafe') {
    throw new DatasetError(
      `${where}: the image ${image} ${located === undefined ? 'does not exist' : 'lies outside the folder'}.`,
    );
  }
  return located;
}

/** The cases by conversation, each in the order of its questions: what is drawn and answered as one. */
export function toConversations(cases: readonly AnswerCase[]): AnswerCase[][] {
  const conversations: AnswerCase[][] = [];
  const of = new Map<string, AnswerCase[]>();
  for (const entry of cases) {
    const conversation = (entry.follows === undefined ? undefined : of.get(entry.follows)) ?? [];
    if (conversation.length === 0) {
      conversations.push(conversation);
    }
    conversation.push(entry);
    of.set(entry.id, conversation);
  }
  return conversations;
}
