import path from 'node:path';
import { z } from 'zod';
import { annotationLimits, type Exchange } from '../../contract';
import type { DatasetTree } from '../tree';
import { AnnotatedCollector } from './collector';
import { describeIssue, readJsonFile } from './json';
import { labelOfPath } from './llava';

const text = z.string().transform((value) => value.slice(0, annotationLimits.textLength));
const questionSchema = z.object({
  Question: text,
  Answer: text,
  Options: z.record(z.string().max(8), text).default({}),
  type: z.string().max(annotationLimits.typeLength).optional(),
});
const entrySchema = z.object({
  image_path: z.string().optional(),
  mask_path: z.string().nullish(),
  conversation: z.array(questionSchema).max(annotationLimits.exchanges).default([]),
});

/** MMAD's question file, if the set has one: an object of images, each with a `conversation`. */
export async function mmadFile(tree: DatasetTree): Promise<string | undefined> {
  for (const file of await tree.files('.', '.json')) {
    const value = await readJsonFile(tree, file);
    const first: unknown =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value)[0] : undefined;
    if (
      typeof first === 'object' &&
      first !== null &&
      'conversation' in first &&
      entrySchema.safeParse(first).success
    ) {
      return file;
    }
  }
  return undefined;
}

/**
 * MMAD: `{"<set>/<category>/.../<type>/000.png": {mask_path, conversation: [{Question, Options, Answer, type}]}}`. The label is the answer of the question of the kind
 * "Anomaly Detection", else what the folder says; the type is the image's folder.
 */
export async function readMmad(tree: DatasetTree): Promise<AnnotatedCollector> {
  const collector = new AnnotatedCollector(tree);
  const file = (await mmadFile(tree)) ?? 'mmad.json';
  const entries = z.record(z.string(), z.unknown()).parse(await readJsonFile(tree, file));
  for (const [image, value] of Object.entries(entries)) {
    const entry = entrySchema.safeParse(value);
    if (!entry.success) {
      collector.report('bad_row', `${file}, ${image}`, `The entry is left out: ${describeIssue(entry.error)}`);
      continue;
    }
    const { conversation, mask_path: mask } = entry.data;
    const exchanges = conversation.map(({ Question, Answer, Options, type }): Exchange => ({
      question: Question,
      answer: Answer,
      ...(Object.keys(Options).length > 0 && { options: Options }),
      ...(type !== undefined && { kind: type }),
    }));
    const label = labelOf(exchanges) ?? labelOfPath(image) ?? (mask ? 'anomalous' : 'unlabelled');
    const parts = image.split('/');
    const hasMask = typeof mask === 'string' && mask !== '' && label === 'anomalous';
    await collector.add([image], {
      label,
      exchanges,
      category: parts.length > 2 ? (parts[1] ?? null) : null,
      defectType: label === 'anomalous' ? path.posix.basename(path.posix.dirname(image)) : null,
      ...(hasMask && { masks: [maskPlace(image, mask)] }),
    });
  }
  return collector;
}

function labelOf(exchanges: readonly Exchange[]): 'normal' | 'anomalous' | undefined {
  const detection = exchanges.find(({ kind }) => kind === 'Anomaly Detection');
  const chosen = detection?.options?.[detection.answer] ?? detection?.answer ?? '';
  return /^yes/i.test(chosen) ? 'anomalous' : /^no/i.test(chosen) ? 'normal' : undefined;
}

/** MMAD states masks below the category's folder. */
function maskPlace(image: string, mask: string): string {
  const base = image.split('/').slice(0, 2).join('/');
  return mask.startsWith(`${base}/`) ? mask : path.posix.join(base, mask);
}
