import type { Task } from './label-studio';
import { toRecord } from './label-files';

/** Keys of a task in JSON-MIN that are no controls. */
const OWN = new Set(['id', 'annotator', 'annotation_id', 'created_at', 'updated_at', 'lead_time', 'agreement']);

/**
 * A task of JSON-MIN, where each control of the labelling interface is a key: a list of regions, a choice (`"Good"` or
 * `{choices: [...]}`), or text. It is put into the long form.
 * @returns undefined for what is no such task
 */
export function minTask(
  record: Readonly<Record<string, unknown>>,
  imageOf: (data: Readonly<Record<string, unknown>>) => string | undefined,
): Task | undefined {
  const image = imageOf(record);
  const isMin = 'annotation_id' in record || 'annotator' in record;
  if (!isMin || image === undefined) {
    return undefined;
  }
  const entries = Object.entries(record).filter(([key, value]) => !OWN.has(key) && value !== image);
  const results = entries.flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((entry) => longForm(name, entry) ?? UNREADABLE)
      : (longForm(name, value) ?? (value !== undefined && IS_CONTROL.test(name) ? UNREADABLE : [])),
  );
  return { data: record, annotations: [{ result: results }] };
}

/** Names of controls; under other names a number is data of the task, as a part's weight is. */
const IS_CONTROL = /label|defect|class|region|mask|box|polygon|brush|choice|quality|verdict/i;
/** Something was said that is no region, choice or text. */
const UNREADABLE = { type: 'unreadable', value: {} };

function longForm(name: string, entry: unknown): object | undefined {
  const region = toRecord(entry);
  // Whether a number is what somebody entered or data of the task, nobody can tell: it is no verdict.
  if (typeof entry === 'number' && !IS_CONTROL.test(name)) {
    return { from_name: name, type: 'number', value: { number: entry } };
  }
  if (region === undefined) {
    const isText = /^(description|impact|suggestion)$/i.test(name);
    const text = typeof entry === 'string' ? entry : undefined;
    const value = isText ? { text } : { choices: [text] };
    return text === undefined ? undefined : { from_name: name, type: isText ? 'textarea' : 'choices', value };
  }
  const type =
    ['choices', 'text'].find((key) => key in region) ?? Object.keys(region).find((key) => /labels$/.test(key));
  const drawn = region['points'] !== undefined ? 'polygon' : region['radiusX'] !== undefined ? 'ellipse' : undefined;
  const kind =
    type === undefined || type === 'labels' ? (drawn ?? (region['rle'] === undefined ? 'rectangle' : 'brush')) : type;
  const { original_width, original_height } = region;
  return {
    from_name: name,
    type: kind === 'text' ? 'textarea' : kind,
    original_width,
    original_height,
    value: region,
  };
}
