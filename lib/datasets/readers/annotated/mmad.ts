import path from 'node:path';
import { z } from 'zod';
import { annotationLimits, type Exchange, type Label } from '../../contract';
import { labelOfFolders } from '../label-words';
import type { AnnotatedCollector } from './collector';
import { describeIssue, type LabelFiles, toRecord } from './label-files';
import { labelOfExchanges } from './verdict-of-answers';

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
export async function mmadFile(files: LabelFiles): Promise<string | undefined> {
  for await (const json of files.json()) {
    const entries = 'value' in json ? Object.values(toRecord(json.value) ?? {}).slice(0, 20) : [];
    if (
      entries.some((entry) => toRecord(entry)?.['conversation'] !== undefined && entrySchema.safeParse(entry).success)
    ) {
      return json.file;
    }
  }
  return undefined;
}

/**
 * MMAD: `{"<set>/<category>/.../<type>/000.png": {mask_path, conversation: [{Question, Options, Answer, type}]}}`. The
 * label is the answer of the question of the kind "Anomaly Detection", else what the folder says; the type is the
 * image's folder.
 */
export async function readMmad(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  const file = (await mmadFile(files)) ?? 'mmad.json';
  const json = await files.read(file);
  for (const [image, value] of Object.entries('value' in json ? (toRecord(json.value) ?? {}) : {})) {
    const entry = entrySchema.safeParse(value);
    if (!entry.success) {
      const where = `${file}, ${image}`;
      collector.report('bad_row', where, `The entry cannot be read: ${describeIssue(entry.error)}`);
      collector.state({ image, source: file, doubts: [`${where}: ${describeIssue(entry.error)}`] });
      continue;
    }
    const { conversation, mask_path: mask } = entry.data;
    const exchanges = conversation.map(({ Question, Answer, Options, type }): Exchange => ({
      question: Question,
      answer: Answer,
      ...(Object.keys(Options).length > 0 && { options: Options }),
      ...(type !== undefined && { kind: type }),
    }));
    const label: Label = labelOf(exchanges) ?? labelOfFolders(image) ?? (mask ? 'anomalous' : 'unlabelled');
    const parts = image.split('/');
    const hasMask = typeof mask === 'string' && mask !== '' && label === 'anomalous';
    collector.state({
      image,
      source: file,
      label,
      exchanges,
      category: parts.length > 2 ? (parts[1] ?? null) : null,
      defectType: label === 'anomalous' ? path.posix.basename(path.posix.dirname(image)) : null,
      ...(hasMask && { masks: [maskPlace(image, mask)] }),
    });
  }
}

function labelOf(exchanges: readonly Exchange[]): Label | undefined {
  const detection = exchanges.find(({ kind }) => kind === 'Anomaly Detection');
  if (detection === undefined) {
    return undefined;
  }
  const answer = detection.options?.[detection.answer] ?? detection.answer;
  return labelOfExchanges([{ question: detection.question, answer }]);
}

/** MMAD states masks below the category's folder. */
function maskPlace(image: string, mask: string): string {
  const base = image.split('/').slice(0, 2).join('/');
  return mask.startsWith(`${base}/`) ? mask : path.posix.join(base, mask);
}
