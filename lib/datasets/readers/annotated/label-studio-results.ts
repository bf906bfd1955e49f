import type { Shape } from '../../annotations/shapes';
import type { Size } from '../../annotations/fit';
import { annotationLimits, type Label, type TextAnnotation } from '../../contract';
import type { AnnotatedCollector } from './collector';
import { describeIssue, toRecord, toText } from './label-files';
import { type Choices, choiceWords, doubtsOfAside, weighChoices, weighRegion } from './label-studio-choices';
import { readRegion, regionLabel, type Result, resultSchema, resultSize } from './label-studio-regions';

type Read = {
  shapes: Shape[];
  classes: string[];
  doubts: string[];
  label?: Label;
  defectType?: string;
  size?: Size;
  text: Partial<TextAnnotation>;
};

/**
 * What the results of one annotation say together: regions, choices and texts.
 * @param where the task, for messages
 * @param doubts those that are known already, to which others are added
 */
export function readResults(
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
