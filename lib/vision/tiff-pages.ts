import { open } from 'node:fs/promises';
import { EngineError } from '@/lib/engine/errors';
import { MAX_IMAGE_BYTES } from './limits';

/** Reads `length` bytes of a file at an offset; fewer where the file ends. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** Directories that are followed at most: a file may be made to hold its reader up. */
const MAX_DIRECTORIES = 10_000;
/**
 * Entries of a directory, of all directories together (directories of a made-up file may overlap), and bytes of one
 * entry's values.
 */
const MAX_ENTRIES = 4_096;
const MAX_ALL_ENTRIES = 400_000;
const MAX_VALUE_BYTES = 16 * 2 ** 20;

/** Bytes of a value, by the number of its type. */
const TYPE_SIZES: readonly number[] = [1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 1, 1, 8, 8, 8];
const [SHORT, LONG, LONG8] = [3, 4, 16] as const;
const TAG = {
  subfileType: 254,
  stripOffsets: 273,
  stripCounts: 279,
  tileOffsets: 324,
  tileCounts: 325,
  jpegOffset: 513,
};
/**
 * Tags whose values are places of the file that a page does without: further directories (reduced copies, EXIF, GPS).
 */
const POINTERS = [330, 34665, 34853, 40965, 400];
/** Bits of a directory's kind: a smaller copy of another page, and a mask of transparency. */
const NO_PAGE = 0b101;

type Format = { little: boolean; isBig: boolean; first: number };
type Entry = { tag: number; type: number; count: number; field: Buffer };
type WrittenEntry = Entry & { values: Buffer | undefined };
type Directory = { at: number; entries: Entry[]; next: number };

/** A TIFF that cannot be followed is damaged, like any other that cannot be decoded. */
const damaged = (what: string): EngineError =>
  new EngineError('unreadable_image', `The TIFF is damaged or cut off and cannot be read (${what}).`);

const word = (bytes: Buffer, at: number, little: boolean, size: number): number => {
  if (at + size > bytes.length) {
    throw damaged('a directory ends too early');
  }
  if (size === 8) {
    return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }
  return little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
};

async function readFormat(read: ReadAt): Promise<Format | undefined> {
  const head = await read(0, 16);
  const order = head.toString('latin1', 0, 2);
  if (head.length < 8 || (order !== 'II' && order !== 'MM')) {
    return undefined;
  }
  const little = order === 'II';
  const version = word(head, 2, little, 2);
  if (version !== 42 && version !== 43) {
    return undefined;
  }
  const isBig = version === 43;
  return { little, isBig, first: isBig ? word(head, 8, little, 8) : word(head, 4, little, 4) };
}

async function readDirectory(read: ReadAt, { little, isBig }: Format, at: number): Promise<Directory> {
  const [countSize, entrySize, offsetSize] = isBig ? [8, 20, 8] : [2, 12, 4];
  const count = word(await read(at, countSize), 0, little, countSize);
  if (count > MAX_ENTRIES) {
    throw damaged(`a directory of ${count} entries`);
  }
  const bytes = await read(at + countSize, count * entrySize + offsetSize);
  const entries = Array.from({ length: count }, (_, i): Entry => {
    const start = i * entrySize;
    return {
      tag: word(bytes, start, little, 2),
      type: word(bytes, start + 2, little, 2),
      count: word(bytes, start + 4, little, offsetSize),
      field: bytes.subarray(start + 4 + offsetSize, start + entrySize),
    };
  });
  return { at, entries, next: word(bytes, count * entrySize, little, offsetSize) };
}

/** The bytes of an entry's values. */
async function valuesOf(read: ReadAt, { little, isBig }: Format, { type, count, field }: Entry): Promise<Buffer> {
  const length = count * (TYPE_SIZES[type] ?? 1);
  if (length > MAX_VALUE_BYTES) {
    throw damaged(`an entry of ${length} bytes`);
  }
  if (length <= field.length) {
    return field.subarray(0, length);
  }
  const values = await read(word(field, 0, little, isBig ? 8 : 4), length);
  if (values.length < length) {
    throw damaged('the values of an entry lie outside of the file');
  }
  return values;
}

async function numbersOf(read: ReadAt, format: Format, entry: Entry | undefined): Promise<number[]> {
  if (entry === undefined || ![SHORT, LONG, LONG8].some((type) => type === entry.type)) {
    return [];
  }
  const size = TYPE_SIZES[entry.type] ?? 1;
  const values = await valuesOf(read, format, entry);
  return Array.from({ length: entry.count }, (_, i) => word(values, i * size, format.little, size));
}

/** What a directory is of: 0 for a page of its own. One value, whatever count the file claims. */
async function kindOf(read: ReadAt, format: Format, { entries }: Directory): Promise<number> {
  const entry = entries.find(({ tag }) => tag === TAG.subfileType);
  const [kind = 0] = await numbersOf(read, format, entry && { ...entry, count: Math.min(1, entry.count) });
  return kind;
}

async function pagesOf(read: ReadAt): Promise<{ format: Format; pages: Directory[] } | undefined> {
  const format = await readFormat(read);
  if (format === undefined) {
    return undefined;
  }
  const pages: Directory[] = [];
  const seen = new Set<number>();
  let entries = 0;
  for (let at = format.first; at !== 0 && !seen.has(at) && seen.size < MAX_DIRECTORIES;) {
    seen.add(at);
    const directory = await readDirectory(read, format, at);
    entries += directory.entries.length;
    if (entries > MAX_ALL_ENTRIES) {
      throw damaged(`directories of more than ${MAX_ALL_ENTRIES} entries together`);
    }
    if (((await kindOf(read, format, directory)) & NO_PAGE) === 0) {
      pages.push(directory);
    }
    at = directory.next;
  }
  return { format, pages };
}

/**
 * How many pages a TIFF or BigTIFF has: its directories but for reduced copies and masks of transparency. 1 for what is
 * no TIFF, or cannot be followed: whoever decodes it will say why.
 */
export async function countTiffPages(read: ReadAt): Promise<number> {
  try {
    return Math.max(1, (await pagesOf(read))?.pages.length ?? 1);
  } catch (error) {
    if (error instanceof EngineError) {
      return 1;
    }
    throw error;
  }
}

/**
 * A page of a TIFF or BigTIFF as a file of its own, its samples and compression as they are, byte for byte.
 *
 * @param index of the page, from 0, among those that `countTiffPages` counts
 * @throws EngineError `invalid_request` when there is no such page, `image_too_large`, or `unreadable_image` for a
 *   damaged file
 */
export async function extractTiffPage(read: ReadAt, index: number): Promise<Buffer> {
  const { format, pages } = (await pagesOf(read)) ?? { pages: [] };
  const page = pages[index];
  if (format === undefined || page === undefined) {
    const has = pages.length === 0 ? 'is no TIFF' : `has ${pages.length} ${pages.length === 1 ? 'page' : 'pages'}`;
    throw new EngineError('invalid_request', `There is no page ${index + 1}: the file ${has}.`);
  }
  const find = (tag: number) => page.entries.find((entry) => entry.tag === tag);
  if (find(TAG.jpegOffset) !== undefined) {
    throw new EngineError('unsupported_image', 'The pages are JPEG of the old kind: save them as single files.');
  }
  const [offsetTag, countTag] =
    find(TAG.tileOffsets) === undefined ? [TAG.stripOffsets, TAG.stripCounts] : [TAG.tileOffsets, TAG.tileCounts];
  const offsets = await numbersOf(read, format, find(offsetTag));
  const counts = await numbersOf(read, format, find(countTag));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (offsets.length === 0 || offsets.length !== counts.length) {
    throw damaged(`page ${index + 1} does not say where its pixels are`);
  }
  if (total > MAX_IMAGE_BYTES) {
    const size = Math.ceil(total / 2 ** 20);
    throw new EngineError(
      'image_too_large',
      `Page ${index + 1} has ${size} MB, the limit is ${MAX_IMAGE_BYTES / 2 ** 20} MB: save it smaller.`,
    );
  }
  const blocks: Buffer[] = [];
  for (const [i, offset] of offsets.entries()) {
    const block = await read(offset, counts[i] ?? 0);
    if (block.length < (counts[i] ?? 0)) {
      throw damaged(`the pixels of page ${index + 1} lie outside of the file`);
    }
    blocks.push(block);
  }
  const entries: WrittenEntry[] = [];
  for (const entry of page.entries.filter(({ tag }) => !POINTERS.includes(tag))) {
    entries.push({ ...entry, values: entry.tag === offsetTag ? undefined : await valuesOf(read, format, entry) });
  }
  return assemble(format, entries, blocks);
}

/** Writes one directory and its pixels; the entry without values is the one that says where those are. */
function assemble({ little, isBig }: Format, entries: readonly WrittenEntry[], blocks: readonly Buffer[]): Buffer {
  const [headSize, countSize, entrySize, offsetSize] = isBig ? [16, 8, 20, 8] : [8, 2, 12, 4];
  const number = (value: number, size: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    const own = bytes.subarray(0, size);
    return little ? own : own.reverse();
  };
  const padded = (bytes: Buffer): Buffer => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]));
  const directorySize = countSize + entries.length * entrySize + offsetSize;
  const longValues = entries.map(({ values, count }) => values?.length ?? count * offsetSize);
  const valueBytes = longValues
    .filter((length) => length > offsetSize)
    .reduce((sum, length) => sum + length + (length % 2), 0);
  let pixelsAt = headSize + directorySize + valueBytes;
  const places = Buffer.concat(
    blocks.map((block) => {
      const place = number(pixelsAt, offsetSize);
      pixelsAt += block.length + (block.length % 2);
      return place;
    }),
  );
  let valuesAt = headSize + directorySize;
  const fields: Buffer[] = [];
  const outside: Buffer[] = [];
  for (const { tag, type, count, values } of entries) {
    const bytes = values ?? places;
    const isInside = bytes.length <= offsetSize;
    const field = isInside
      ? Buffer.concat([bytes, Buffer.alloc(offsetSize - bytes.length)])
      : number(valuesAt, offsetSize);
    fields.push(
      number(tag, 2),
      number(values === undefined ? (isBig ? LONG8 : LONG) : type, 2),
      number(count, offsetSize),
      field,
    );
    if (!isInside) {
      outside.push(padded(bytes));
      valuesAt += bytes.length + (bytes.length % 2);
    }
  }
  const head = isBig
    ? [number(43, 2), number(8, 2), number(0, 2), number(headSize, 8)]
    : [number(42, 2), number(headSize, 4)];
  return Buffer.concat([
    ...[Buffer.from(little ? 'II' : 'MM', 'latin1'), ...head],
    ...[number(entries.length, countSize), ...fields, number(0, offsetSize), ...outside],
    ...blocks.map(padded),
  ]);
}

/** Reads a file's bytes that are in memory. */
export function readBytesAt(bytes: Uint8Array): ReadAt {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (offset, length) => Promise.resolve(whole.subarray(Math.min(offset, whole.length), offset + length));
}

/** Does something with a file that is opened meanwhile. */
export async function withFileAt<Result>(path: string, work: (read: ReadAt) => Promise<Result>): Promise<Result> {
  const file = await open(path, 'r');
  try {
    return await work(async (offset, length) => {
      if (!Number.isSafeInteger(offset)) {
        return Buffer.alloc(0);
      }
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    });
  } finally {
    await file.close();
  }
}
