import path from 'node:path';
import { z } from 'zod';
import { itemFieldsSchema, statedFields } from '../../annotations/item-fields';
import { annotationLimits, type Exchange, type Label } from '../../contract';
import type { DatasetTree } from '../tree';
import { AnnotatedCollector } from './collector';
import { describeIssue, jsonFiles, readJsonFile } from './json';

const turnSchema = z.object({ from: z.string(), value: z.string() });
const recordSchema = z.object({
  image: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  conversations: z.array(turnSchema).min(1),
  mask: z.string().optional(),
  looktwice: itemFieldsSchema.optional(),
});

/** The instruction files of a set: JSON lists of records with `image` and `conversations`. */
export async function llavaFiles(tree: DatasetTree): Promise<string[]> {
  const found: string[] = [];
  for (const file of await jsonFiles(tree)) {
    const value = await readJsonFile(tree, file);
    if (Array.isArray(value) && value.slice(0, 20).some((record) => recordSchema.safeParse(record).success)) {
      found.push(file);
    }
  }
  return found;
}

/**
 * LLaVA's and Anomaly-Instruct's conversations: `[{id, image, conversations: [{from: "human", value}, {from: "gpt", value}]}]`. Records of one image are joined. The
 * label is what the first answer that begins with yes or no says, else what the folder says (`good`, `normal`), else unlabelled. Records without an image are skipped.
 */
export async function readLlava(tree: DatasetTree): Promise<AnnotatedCollector> {
  const collector = new AnnotatedCollector(tree);
  for (const file of await llavaFiles(tree)) {
    const records = await readJsonFile(tree, file);
    for (const [index, value] of (Array.isArray(records) ? records : []).entries()) {
      const record = recordSchema.safeParse(value);
      if (!record.success) {
        collector.report(
          'bad_row',
          `${file}, record ${index}`,
          `The record is left out: ${describeIssue(record.error)}`,
        );
        continue;
      }
      await addRecord(record.data, file, collector);
    }
  }
  return collector;
}

async function addRecord(
  { image: images, conversations, mask, looktwice }: z.infer<typeof recordSchema>,
  file: string,
  collector: AnnotatedCollector,
): Promise<void> {
  const image = [images].flat()[0] ?? '';
  const exchanges = toExchanges(conversations);
  const candidates = [image, path.posix.join(path.posix.dirname(file), image), `images/${image}`];
  const known = candidates.map((candidate) => collector.items.get(path.posix.normalize(candidate))).find(Boolean);
  if (known !== undefined) {
    known.exchanges.push(...exchanges.slice(0, annotationLimits.exchanges - known.exchanges.length));
    return;
  }
  const label = labelOf(exchanges) ?? labelOfPath(image) ?? 'unlabelled';
  await collector.add(candidates, {
    label,
    exchanges,
    ...(mask !== undefined && { masks: [mask] }),
    ...(looktwice !== undefined && statedFields(looktwice)),
  });
}

/** Pairs each question with the answer that follows it, without the image's placeholder. */
export function toExchanges(turns: readonly z.infer<typeof turnSchema>[]): Exchange[] {
  const exchanges: Exchange[] = [];
  const cut = (text: string) => text.slice(0, annotationLimits.textLength);
  turns.forEach(({ from, value }, index) => {
    const next = turns[index + 1];
    if (/^(human|user)$/i.test(from) && next !== undefined && /^(gpt|assistant|model)$/i.test(next.from)) {
      const question = value.replaceAll(/<image>\n?/g, '').trim();
      exchanges.push({ question: cut(question), answer: cut(next.value.trim()) });
    }
  });
  return exchanges.slice(0, annotationLimits.exchanges);
}

function labelOf(exchanges: readonly Exchange[]): Label | undefined {
  for (const { answer } of exchanges) {
    if (/^yes\b/i.test(answer)) {
      return 'anomalous';
    }
    if (/^no\b/i.test(answer)) {
      return 'normal';
    }
  }
  return undefined;
}

/** What the names of an image's folders say, if anything. */
export function labelOfPath(image: string): Label | undefined {
  const folders = image.toLowerCase().split('/').slice(0, -1);
  return folders.some((name) => ['good', 'normal', 'ok'].includes(name)) ? 'normal' : undefined;
}
