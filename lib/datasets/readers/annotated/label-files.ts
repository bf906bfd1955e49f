import path from 'node:path';
import type { z } from 'zod';
import { messageOf } from '@/lib/common/message-of';
import type { DatasetTree } from '../tree';
import { DatasetError } from '../types';

/** A JSON label file: its value, or the sentence that says why there is none. */
export type JsonFile = { file: string; value: unknown } | { file: string; broken: string };

/** Text of parsed files that is kept; what is above is read again when it is needed. */
const MAX_KEPT = 96 * 2 ** 20;

const JSON_ENDINGS = ['.json', '.geojson', '.jsonl', '.ndjson', '.manifest'] as const;
/** How text begins that is JSON with records, whatever its file is called. */
const RECORDS = /^(\u00ef\u00bb\u00bf)?\s*(\[\s*)?\{\s*"/;

/**
 * The set's JSON and JSON Lines files, each read and parsed once for all readers. Files of our own bookkeeping are left
 * out.
 */
export class LabelFiles {
  private readonly parsed = new Map<string, JsonFile>();
  private kept = 0;
  private listed: Promise<string[]> | undefined;

  constructor(readonly tree: DatasetTree) {}

  /** Paths of all files with one of the endings, those near the root first. */
  async named(...endings: readonly string[]): Promise<string[]> {
    const depth = (file: string) => file.split('/').length;
    const files = await this.tree.walk();
    return files
      .filter((file) => endings.includes(path.posix.extname(file).toLowerCase()))
      .sort((a, b) => depth(a) - depth(b));
  }

  /**
   * The JSON files one after the other; of a JSON Lines file the value is a list of its lines (`LineError` for one that
   * is no JSON).
   */
  async *json(): AsyncGenerator<JsonFile> {
    for (const file of await this.jsonNames()) {
      yield await this.read(file);
    }
  }

  /** Paths of the JSON files, those near the root first: by their ending, and text files that hold JSON. */
  jsonNames(): Promise<string[]> {
    this.listed ??= this.listJson();
    return this.listed;
  }

  private async listJson(): Promise<string[]> {
    const named = await this.named(...JSON_ENDINGS);
    const index = await this.tree.imageIndex();
    const texts: string[] = [];
    for (const file of await this.named('.txt')) {
      // Text that bears an image's name is of YOLO, or a note: there may be as many as images.
      if (index.findStem(path.posix.parse(file).name) === undefined && RECORDS.test(await this.tree.head(file))) {
        texts.push(file);
      }
    }
    return [...named.filter((file) => path.posix.basename(file) !== 'looktwice.json'), ...texts];
  }

  /** A text file, or why it cannot be read: it may be too large. */
  async text(file: string): Promise<{ text: string } | { broken: string }> {
    try {
      return { text: await this.tree.text(file) };
    } catch (error) {
      if (error instanceof DatasetError) {
        return { broken: error.message };
      }
      throw error;
    }
  }

  /** A JSON file. */
  async read(file: string): Promise<JsonFile> {
    const known = this.parsed.get(file);
    if (known !== undefined) {
      return known;
    }
    let read: JsonFile;
    let size = 0;
    try {
      const text = await this.tree.text(file);
      size = text.length;
      read = { file, value: /\.((geo)?json|txt)$/i.test(file) ? parseJson(text) : parseLines(text) };
    } catch (error) {
      if (!(error instanceof DatasetError || error instanceof SyntaxError)) {
        throw error;
      }
      read = {
        file,
        broken: error instanceof SyntaxError ? `${file} is no readable JSON: ${messageOf(error)}` : messageOf(error),
      };
    }
    if (this.kept + size <= MAX_KEPT) {
      this.parsed.set(file, read);
      this.kept += size;
    }
    return read;
  }
}

/** A line of a JSON Lines file that is no JSON. */
export class LineError {
  constructor(readonly message: string) {}
}

/**
 * Strings, to be left as they are; the words for numbers that JSON does not have but Python writes; a comma after the
 * last entry of a list or an object.
 */
const NEARLY_JSON = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b|,(?=\s*[\]}])/g;

/**
 * JSON, also with Python's `NaN` and `Infinity`, which are no values, and with commas after last entries. @throws
 * SyntaxError
 */
export function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const mended = text.replace(NEARLY_JSON, (found) => (found.startsWith('"') ? found : found === ',' ? '' : 'null'));
    if (mended !== text) {
      return JSON.parse(mended) as unknown;
    }
    throw error;
  }
}

/** JSON, or (some tools keep the ending `.json`) JSON Lines. */
function parseJson(text: string): unknown {
  try {
    return parseValue(text);
  } catch (error) {
    const lines = parseLines(text);
    if (lines.length > 1 && !(lines[0] instanceof LineError) && !(lines[1] instanceof LineError)) {
      return lines;
    }
    throw error;
  }
}

function parseLines(text: string): unknown[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line): unknown => {
      try {
        return parseValue(line);
      } catch (error) {
        return new LineError(messageOf(error));
      }
    });
}

/** Names the first thing that is wrong with a record: "bbox.3: expected an array". */
export function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}`.replace(/^: /, '');
}

/** An object with any keys, or undefined. */
export function toRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LineError)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** A list; of an object with ids as keys its values. */
export function toList(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) {
    return value as readonly unknown[];
  }
  const record = toRecord(value);
  return record === undefined ? undefined : Object.values(record);
}

/** Text, or a number as text; undefined for anything else and for nothing. */
export function toText(value: unknown, longest = 4096): string | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= longest ? text : undefined;
}
