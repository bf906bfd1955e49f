import path from 'node:path';
import { itemFieldsSchema } from '../../annotations/item-fields';
import type { Label } from '../../contract';
import { isImageName } from '../tree';
import { AnnotatedCollector } from './collector';
import { decideLabel } from './decide-label';
import { type LabelFiles, LineError, toList, toRecord, toText } from './label-files';
import { labelStudioCsv } from './label-studio-csv';
import { minTask } from './label-studio-min';
import { readResults } from './label-studio-results';

/** A task: its data and what people annotated. `annotations` undefined: the export has none, not even an empty list. */
export type Task = { data: Readonly<Record<string, unknown>>; annotations: readonly unknown[] | undefined };

/**
 * The Label Studio exports of a set: tasks with `data` and `annotations`, JSON-MIN, CSV, or single annotations and
 * tasks of a target storage.
 */
export async function labelStudioFiles(files: LabelFiles): Promise<string[]> {
  const found: string[] = [];
  for await (const json of files.json()) {
    const records = 'value' in json ? recordsOf(json.value).slice(0, 20) : [];
    if (records.some((record) => toTask(record) !== undefined)) {
      found.push(json.file);
    }
  }
  for (const file of await files.named('.csv', '.tsv')) {
    if ((await csvRecords(files, file)) !== undefined) {
      found.push(file);
    }
  }
  return found;
}

/** The records of a CSV export; undefined for another table. */
async function csvRecords(files: LabelFiles, file: string): Promise<unknown[] | undefined> {
  const read = await files.text(file);
  return 'text' in read ? labelStudioCsv(read.text) : undefined;
}

/** The tasks of an export as they stand in it, and whether there can be several. */
async function readTasks(files: LabelFiles, file: string): Promise<{ records: readonly unknown[]; isList: boolean }> {
  if (/\.[ct]sv$/i.test(file)) {
    return { records: (await csvRecords(files, file)) ?? [], isList: true };
  }
  const json = await files.read(file);
  const value = 'value' in json ? json.value : [];
  return { records: recordsOf(value), isList: Array.isArray(value) };
}

/** A list of tasks, or the one task or annotation that a target storage keeps in a file. */
const recordsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

/** The task of a record in any of the forms, or undefined. */
function toTask(value: unknown): Task | undefined {
  const record = toRecord(value);
  const data = toRecord(record?.['data']);
  if (record === undefined) {
    return undefined;
  }
  if (data !== undefined && imageOf(data) !== undefined) {
    const annotations = record['annotations'] ?? record['completions'];
    const isTask = annotations !== undefined || 'predictions' in record;
    return isTask
      ? { data, annotations: annotations === undefined ? undefined : (toList(annotations) ?? [null]) }
      : undefined;
  }
  const task = toRecord(record['task']);
  const inner = toRecord(task?.['data']);
  if ('result' in record && inner !== undefined && imageOf(inner) !== undefined) {
    return { data: inner, annotations: [record] };
  }
  return minTask(record, imageOf);
}

/**
 * Label Studio's JSON: rectangles, polygons, ellipses, brushes and bit masks become masks; a choice named like a label
 * (normal, anomalous, good, defect ...) is the label; text areas named description, impact or suggestion are the text.
 * Of a person's annotations the latest that was not cancelled counts, and of several people's the latest; where they
 * disagree whether there is anything, the image is unlabelled. Predictions are no annotations.
 */
export async function readLabelStudio(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  for (const file of await labelStudioFiles(files)) {
    const { records, isList } = await readTasks(files, file);
    for (const [index, value] of records.entries()) {
      const where = isList ? `${file}, task ${index}` : file;
      const task = toTask(value);
      if (task === undefined) {
        const reason = value instanceof LineError ? `it is no JSON: ${value.message}` : 'it names no image';
        collector.report('bad_row', where, `The task is left out: ${reason}.`);
        const data = toRecord(toRecord(value)?.['data']);
        const image = data && imageOf(data);
        if (image === undefined) {
          collector.lose(`${where}: ${reason}`);
        } else {
          collector.state({ image, source: file, doubts: [`${where} cannot be read`] });
        }
        continue;
      }
      stateTask(task, { file, where, collector });
    }
  }
}

/**
 * The name that an uploaded file had before Label Studio put eight digits of its own in front, which the folder has
 * that it was uploaded from.
 */
function unprefixed(image: string): string | undefined {
  return /(?:^|\/)[0-9a-f]{8}-([^/]+)$/.exec(image)?.[1];
}

type Place = { file: string; where: string; collector: AnnotatedCollector };

function stateTask({ data, annotations }: Task, { file, where, collector }: Place): void {
  const image = imageOf(data) ?? '';
  const own = itemFieldsSchema.safeParse(data['looktwice']);
  const folder = path.posix.dirname(file);
  const placed = {
    image,
    orImage: unprefixed(image),
    source: file,
    folders: ['.', 'images', folder, path.posix.join(folder, 'images')],
    own: own.data,
  };
  const [chosen, ...others] = latestOfEach(annotations ?? []);
  if (chosen === undefined) {
    collector.state(placed);
    return;
  }
  const results = toList(toRecord(chosen)?.['result']);
  if (results === undefined) {
    collector.report('bad_row', where, 'The annotation has no list of results.');
    collector.state({ ...placed, doubts: [`${where}: an annotation has no list of results`] });
    return;
  }
  const doubts = data['looktwice'] !== undefined && !own.success ? [`${where}: the field "looktwice" is damaged`] : [];
  const read = readResults(results, where, collector, doubts);
  // Somebody submitted an annotation without a region: that is what they say.
  collector.state({ ...placed, ...read, ...(results.length === 0 && { label: 'normal' as const }), isLookedAt: true });
  const labels = new Set(others.map((other) => verdictOf(other, where, collector)));
  labels.delete(verdictOf(chosen, where, collector));
  for (const label of labels) {
    // The collector joins what all say: where two people disagree, nobody knows.
    const isDoubt = label === 'unlabelled';
    collector.state({ ...placed, ...(isDoubt ? { doubts: [`${where}: another person’s annotation`] } : { label }) });
  }
}

/** What one person's annotation says by itself. */
function verdictOf(annotation: unknown, where: string, { tree }: AnnotatedCollector): Label {
  const results = toList(toRecord(annotation)?.['result']);
  const read = readResults(results ?? [], where, new AnnotatedCollector(tree), results === undefined ? [where] : []);
  const labels = read.label === undefined ? [] : [read.label];
  const label = decideLabel({ ...read, labels, isDoubted: read.doubts.length > 0, isLookedAt: true });
  return label === 'contradiction' ? 'unlabelled' : label;
}

/**
 * The annotation that each person changed last and did not cancel, the latest of all first; where one is marked as the
 * ground truth, that one alone. Where no times are stated the last in the list is the latest.
 */
function latestOfEach(annotations: readonly unknown[]): unknown[] {
  const isSkipped = (annotation: unknown) =>
    ['was_cancelled', 'skipped'].some((key) => toRecord(annotation)?.[key] === true);
  const kept = annotations.filter((annotation) => !isSkipped(annotation));
  const truths = kept.filter((annotation) => toRecord(annotation)?.['ground_truth'] === true);
  const time = (annotation: unknown) => Date.parse(toText(toRecord(annotation)?.['updated_at']) ?? '') || 0;
  const ordered = (truths.length > 0 ? truths : kept)
    .map((annotation, index) => ({ annotation, index, at: time(annotation) }))
    .sort((a, b) => b.at - a.at || b.index - a.index)
    .map(({ annotation }) => annotation);
  const people = ordered.map((annotation) => {
    const person = toRecord(annotation)?.['completed_by'];
    return toText(person) ?? toText(toRecord(person)?.['id']) ?? toText(toRecord(person)?.['email']) ?? '';
  });
  // Who is not named may be the one whose annotation is later.
  const latest = ordered.filter(
    (_, index) => people.indexOf(people[index] ?? '') === index && (index === 0 || people[index] !== ''),
  );
  return truths.length > 0 ? latest.slice(0, 1) : latest;
}

/**
 * The task's image: of the usual keys, else the first value that ends like one. Lists of pages count by their first.
 */
function imageOf(data: Readonly<Record<string, unknown>>): string | undefined {
  const named = ['image', 'img', 'ocr', 'picture', 'image_url', 'url', 'captioning'].map((key) => data[key]);
  const values = [...named, ...Object.values(data)].flatMap((value) =>
    Array.isArray(value) ? value.slice(0, 1) : [value],
  );
  const isImage = (value: unknown): value is string =>
    typeof value === 'string' &&
    value.length < 4096 &&
    (isImageName(value) || isImageName(value.replace(/[?#](?!d=).*$/s, '')));
  return (
    values.find(isImage) ?? named.find((value): value is string => typeof value === 'string' && /[\\/]/.test(value))
  );
}
