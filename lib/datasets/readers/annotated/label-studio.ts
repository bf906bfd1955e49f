import path from 'node:path';
import { itemFieldsSchema } from '../../annotations/item-fields';
import type { Shape } from '../../annotations/shapes';
import type { Size } from '../../annotations/fit';
import { annotationLimits, type Label, type TextAnnotation } from '../../contract';
import { isImageName } from '../tree';
import { AnnotatedCollector } from './collector';
import { decideLabel } from './decide-label';
import { describeIssue, type LabelFiles, LineError, toList, toRecord, toText } from './label-files';
import { type Choices, choiceWords, doubtsOfAside, weighChoices, weighRegion } from './label-studio-choices';
import { readRegion, regionLabel, type Result, resultSchema, resultSize } from './label-studio-regions';
import { minTask } from './label-studio-min';

/** A task: its data and what people annotated. `annotations` undefined: the export has none, not even an empty list. */
export type Task = { data: Readonly<Record<string, unknown>>; annotations: readonly unknown[] | undefined };

/** The Label Studio exports of a set: tasks with `data` and `annotations`, JSON-MIN, or single annotations and tasks of a target storage. */
export async function labelStudioFiles(files: LabelFiles): Promise<string[]> {
  const found: string[] = [];
  for await (const json of files.json()) {
    const records = 'value' in json ? recordsOf(json.value).slice(0, 20) : [];
    if (records.some((record) => toTask(record) !== undefined)) {
      found.push(json.file);
    }
  }
  return found;
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
 * Label Studio's JSON: rectangles, polygons, ellipses, brushes and bit masks become masks; a choice named like a label (normal, anomalous, good, defect ...) is the label; text areas
 * named description, impact or suggestion are the text. Of a person's annotations the latest that was not cancelled counts, and of several people's the latest; where they disagree whether there is anything, the image is unlabelled. Predictions are no annotations.
 */
export async function readLabelStudio(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  for (const file of await labelStudioFiles(files)) {
    const json = await files.read(file);
    const isList = 'value' in json && Array.isArray(json.value);
    for (const [index, value] of ('value' in json ? recordsOf(json.value) : []).entries()) {
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

type Place = { file: string; where: string; collector: AnnotatedCollector };

function stateTask({ data, annotations }: Task, { file, where, collector }: Place): void {
  const image = imageOf(data) ?? '';
  const own = itemFieldsSchema.safeParse(data['looktwice']);
  const folder = path.posix.dirname(file);
  const placed = {
    image,
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
 * The annotation that each person changed last and did not cancel, the latest of all first; where one is marked as the ground truth, that one alone. Where no times are stated the last in
 * the list is the latest.
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

/** The task's image: of the usual keys, else the first value that ends like one. Lists of pages count by their first. */
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

type Read = {
  shapes: Shape[];
  classes: string[];
  doubts: string[];
  label?: Label;
  defectType?: string;
  size?: Size;
  text: Partial<TextAnnotation>;
};

function readResults(
  results: readonly unknown[],
  where: string,
  collector: AnnotatedCollector,
  doubts: string[],
): Read {
  const read: Read = { shapes: [], classes: [], doubts, text: {} };
  const parsed = results.map((value) => resultSchema.safeParse(value));
  const regions = regionNames(parsed.flatMap(({ data }) => data ?? []));
  const asides = regionWords(
    parsed.flatMap(({ data }) => data ?? []),
    regions,
  );
  const choices: Choices = new Map();
  parsed.forEach((result, index) => {
    const place = `${where}, result ${index}`;
    const unreadable = (reason: string) => {
      collector.report('bad_row', place, `The result cannot be read: ${reason}.`);
      read.doubts.push(`${place}: ${reason}`);
    };
    if (!result.success) {
      // An arrow between two regions says nothing about the image.
      if (toRecord(results[index])?.['type'] !== 'relation') {
        unreadable(describeIssue(result.error));
      }
      return;
    }
    const size = resultSize(result.data);
    Object.assign(read, size && { size });
    readResult(result.data, { read, regions, asides, choices, where: place, unreadable });
  });
  const { label, type, doubts: open, unknown } = weighChoices(choices);
  read.doubts.push(...open.map((doubt) => `${where}: ${doubt}`));
  const isMarked = read.shapes.length + read.classes.length > 0;
  if (label === undefined && !isMarked && results.length > 0 && read.doubts.length === 0) {
    // Somebody said something, so that the image is not one without a mark; but nobody can tell what it means.
    const said = unknown.length > 0 ? `The choice "${unknown.slice(0, 3).join('", "')}"` : describeControls(results);
    const message = `${said} says neither normal nor anomalous.`;
    collector.report('unknown_choice', where, message);
    read.doubts.push(`${where}: ${message.slice(0, -1)}`);
  }
  return { ...read, ...(label && { label }), ...(type !== undefined && !isMarked && { defectType: type }) };
}

/** "What the controls rating (severity), textarea hold". */
function describeControls(results: readonly unknown[]): string {
  const names = results.slice(0, 3).map((result) => {
    const { type, from_name: name } = toRecord(result) ?? {};
    return `${toText(type, 40) ?? 'unknown'}${toText(name, 80) === undefined ? '' : ` (${toText(name, 80)})`}`;
  });
  return `What was entered as ${names.join(', ')}`;
}

/** Regions that were drawn with one control and labelled with another (`Labels`), by their id. */
function regionNames(results: readonly Result[]): Map<string, string | undefined> {
  const names = new Map<string, string | undefined>();
  for (const { id, type, value } of results) {
    if (id !== undefined && type.toLowerCase() === 'labels') {
      names.set(id, regionLabel(value, 'labels'));
    } else if (id !== undefined && !['choices', 'textarea'].includes(type) && !names.has(id)) {
      names.set(id, undefined);
    }
  }
  return names;
}

/** The words chosen about each region, by the region's id. */
function regionWords(results: readonly Result[], regions: ReadonlyMap<string, unknown>): Map<string, string[]> {
  const words = new Map<string, string[]>();
  for (const { id, type, value } of results) {
    if (id !== undefined && type.toLowerCase() === 'choices' && regions.has(id)) {
      const known = words.get(id) ?? [];
      choiceWords(value).forEach((word) => known.push(word));
      words.set(id, known);
    }
  }
  return words;
}

type Reading = {
  read: Read;
  regions: ReadonlyMap<string, string | undefined>;
  /** What was chosen about each region, by its id. */
  asides: ReadonlyMap<string, readonly string[]>;
  choices: Choices;
  where: string;
  unreadable: (reason: string) => void;
};

function readResult(result: Result, { read, regions, asides, choices, where, unreadable }: Reading): void {
  const { id, type, value, from_name: name } = result;
  switch (type.toLowerCase()) {
    case 'choices':
      // A choice about one region has the region's id, and is weighed with it (`regionWords`).
      if (id === undefined || !regions.has(id)) {
        choices.set(name, [...(choices.get(name) ?? []), ...choiceWords(value)]);
      }
      return;
    case 'textarea': {
      const key = (['description', 'impact', 'suggestion'] as const).find((field) => name.toLowerCase() === field);
      if (key !== undefined) {
        const lines = [value['text'] ?? []].flat().flatMap((line) => toText(line, Infinity) ?? []);
        read.text[key] = lines.join('\n').slice(0, annotationLimits.textLength);
      }
      return;
    }
    // What people say beside the regions, which may still speak against a choice that says normal.
    case 'number':
    case 'taxonomy': {
      const words = [value[type.toLowerCase()]].flat(3).flatMap((word) => toText(word) ?? []);
      read.doubts.push(...doubtsOfAside(name, words).map((doubt) => `${where}: ${doubt}`));
      return;
    }
    case 'rating':
    case 'datetime':
    case 'pairwise':
    case 'ranker':
    case 'relation':
      return;
    case 'labels':
      if (
        value['x'] === undefined &&
        value['points'] === undefined &&
        (id === undefined || regions.get(id) === undefined)
      ) {
        read.classes.push(regionLabel(value, 'labels'));
      }
      return;
    default: {
      const stated = regions.get(id ?? '') ?? regionLabel(value, type);
      const { label, doubt } = weighRegion(stated, asides.get(id ?? '') ?? []);
      if (doubt !== undefined) {
        unreadable(doubt);
        return;
      }
      const region = readRegion(result, label);
      if ('shape' in region) {
        read.shapes.push(region.shape);
      } else if ('className' in region) {
        read.classes.push(region.className);
      } else {
        unreadable(region.unreadable);
      }
    }
  }
}
