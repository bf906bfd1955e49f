import path from 'node:path';
import { parse } from 'yaml';
import { messageOf } from '@/lib/common/message-of';
import { annotationLimits } from '../../contract';
import type { DatasetTree } from '../tree';
import { toList, toRecord, toText } from './label-files';
import { toNumber } from '../numbers';
import type { YoloNames } from './yolo-rows';

/** What a set's YAML file says: names of classes, and folders or lists of images by split. */
export type YoloData = YoloNames & { splits: readonly { split: 'train' | 'val' | 'test'; place: string }[] };

/** Files with a class name a line, of tools that write no YAML: Label Studio, labelImg and darknet, CVAT. */
const NAME_FILES = /^(classes\.txt|obj\.names|[\w-]+\.names|predefined_classes\.txt)$/i;

/**
 * The set's YAML file, the first near the root that names classes or folders of images. `onBroken` hears of files that
 * are no YAML; what they say of names and splits is not known then.
 */
export async function readYoloData(
  tree: DatasetTree,
  onBroken: (file: string, message: string) => void = () => undefined,
): Promise<YoloData | undefined> {
  const files = (await tree.walk()).filter((file) => /\.ya?ml$/i.test(file) && file.split('/').length <= 2);
  for (const file of files.sort((a, b) => a.split('/').length - b.split('/').length)) {
    let value: unknown;
    try {
      value = parse(await tree.text(file));
    } catch (error) {
      onBroken(file, `${file} is no readable YAML, so names of classes and splits are not known: ${messageOf(error)}`);
      continue;
    }
    const data = toRecord(value);
    if (data === undefined || !('names' in data || 'train' in data || 'val' in data)) {
      continue;
    }
    const splits = (['train', 'val', 'test'] as const).flatMap((split) =>
      [data[split] ?? []].flat().flatMap((place) => {
        const text = toText(place);
        return text === undefined ? [] : [{ split, place: text }];
      }),
    );
    return { names: await namesOf(data['names'], tree), file, keyPoints: keyPointsOf(data['kpt_shape']), splits };
  }
  return undefined;
}

async function namesOf(value: unknown, tree: DatasetTree): Promise<Map<number, string>> {
  const record = toRecord(value);
  const list = typeof value === 'string' ? await listOf(value, tree) : (toList(value) ?? []);
  const entries: [unknown, unknown][] =
    record !== undefined ? Object.entries(record) : list.map((name, index) => [index, name]);
  return new Map(
    entries.flatMap(([key, name]) => {
      const [index, text] = [toNumber(key), typeof name === 'boolean' ? String(name) : toText(name)];
      return index === undefined || text === undefined ? [] : [[index, text.slice(0, annotationLimits.typeLength)]];
    }),
  );
}

/** Names in one text: those of the file that it names, else parted by commas. */
async function listOf(text: string, tree: DatasetTree): Promise<string[]> {
  const names = (await tree.hasFile(text)) ? (await tree.text(text)).split(/\r?\n/) : text.split(',');
  return names.map((name) => name.trim());
}

function keyPointsOf(value: unknown): YoloNames['keyPoints'] {
  const [count, numbers] = (toList(value) ?? []).map(toNumber);
  return count !== undefined && numbers !== undefined && count > 0 && numbers > 0 ? { count, numbers } : null;
}

/** The names of the classes, from the YAML file or from a list. */
export async function readYoloNames(tree: DatasetTree, data: YoloData | undefined): Promise<YoloNames> {
  if (data !== undefined && data.names.size > 0) {
    return data;
  }
  const keyPoints = data?.keyPoints ?? null;
  const files = (await tree.walk()).filter((file) => NAME_FILES.test(path.posix.basename(file)));
  const [file] = files.sort((a, b) => a.split('/').length - b.split('/').length);
  if (file === undefined) {
    return { names: new Map(), file: data?.file ?? 'the set', keyPoints };
  }
  const lines = (await tree.text(file)).split(/\r?\n/).map((line) => line.trim());
  const names = lines.flatMap((name, index) =>
    name === '' ? [] : [[index, name.slice(0, annotationLimits.typeLength)] as const],
  );
  return { names: new Map(names), file, keyPoints };
}

/**
 * True for a text file that lists names or images, or is meant for people; the others may be labels. In a folder of
 * labels there are no lists: an image may be called `train.png`.
 */
export const isListFile = (file: string): boolean => {
  const name = path.posix.basename(file);
  if (NAME_FILES.test(name) || /(^|\/)labels\//i.test(file)) {
    return NAME_FILES.test(name);
  }
  return /^(train|val|valid|validation|test|all|readme.*|licen[sc]e.*|notes?|requirements|cmakelists)\.txt$/i.test(
    name,
  );
};
