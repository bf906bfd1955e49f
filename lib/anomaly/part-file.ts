import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '@/lib/common/atomic-file';
import type { PartBankData } from './part-bank';
import type { KeptPatches, PartSample } from './part-sample';
import type { KindBankState } from './reference-kind';
import { KINDS, type Kind } from './view-patches';

/*
 * A part's bank on disk: the magic, the length of the header (uint32), the header (JSON), then the arrays one after the
 * other. What recognition needs comes first, so that looking for the part of an image reads a few kilobytes of each.
 */
const MAGIC = Buffer.from('LTPART1\n');
const MAX_HEADER_BYTES = 4 * 2 ** 20;

const types = { i8: Int8Array, f32: Float32Array, i32: Int32Array } as const;
const headerSchema = z.object({
  version: z.string(),
  /** SHA-256 of all that follows the header. */
  body: z.string(),
  samples: z.array(z.object({ key: z.string(), rawScore: z.number() })),
  kinds: z.array(
    z.object({
      kind: z.enum(['base', 'tile']),
      normal: z.object({ mean: z.number(), deviation: z.number() }),
      leftOut: z.array(z.number()),
      levels: z.int(),
      fits: z.int(),
    }),
  ),
  arrays: z.record(z.string(), z.object({ type: z.enum(['i8', 'f32', 'i32']), offset: z.int(), bytes: z.int() })),
});
type Header = z.infer<typeof headerSchema>;
type Numbers = Int8Array | Float32Array | Int32Array;

/** Thrown for a file that cannot be used: the bank is to be built again. */
export class UnusableBankError extends Error {
  override name = 'UnusableBankError';
}

function arraysOf({ samples, kinds }: PartBankData): Map<string, Numbers> {
  const arrays = new Map<string, Numbers>();
  const looks = samples.flatMap((sample) => sample.looks);
  const width = looks[0]?.length ?? 0;
  const all = new Float32Array(looks.length * width);
  looks.forEach((look, index) => all.set(look, index * width));
  arrays.set('looks', all);
  arrays.set(
    'lookCounts',
    Int32Array.from(samples, (sample) => sample.looks.length),
  );
  for (const [kind, { rows, own, fits }] of kinds) {
    arrays.set(`${kind}.rows`, Int32Array.from(rows.flatMap(({ reference, row }) => [reference, row])));
    own.forEach((values, level) => arrays.set(`${kind}.own.${level}`, values));
    fits?.forEach(({ mean, root }, level) => {
      arrays.set(`${kind}.mean.${level}`, mean);
      arrays.set(`${kind}.root.${level}`, root);
    });
    for (const [index, sample] of samples.entries()) {
      const kept = sample.kinds.get(kind);
      kept?.unit.forEach((values, level) => arrays.set(`${kind}.unit.${index}.${level}`, values));
      kept?.within.forEach((values, level) => arrays.set(`${kind}.within.${index}.${level}`, values));
    }
  }
  return arrays;
}

/** Writes a bank, whole or not at all. @param version what it was built with (`bankVersion`) */
export async function writePartBank(path: string, data: PartBankData, version: string): Promise<void> {
  const arrays = arraysOf(data);
  const parts: Buffer[] = [];
  const places: Header['arrays'] = {};
  let offset = 0;
  for (const [name, values] of arrays) {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const type = values instanceof Int8Array ? 'i8' : values instanceof Int32Array ? 'i32' : 'f32';
    places[name] = { type, offset, bytes: bytes.length };
    parts.push(bytes);
    offset += bytes.length;
  }
  const hash = createHash('sha256');
  parts.forEach((part) => hash.update(part));
  const header: Header = {
    version,
    body: hash.digest('hex'),
    samples: data.samples.map(({ key, rawScore }) => ({ key, rawScore })),
    kinds: [...data.kinds].map(([kind, { normal, leftOut, own, fits }]) => ({
      ...{ kind, normal, leftOut: [...leftOut], levels: own.length },
      fits: fits?.length ?? 0,
    })),
    arrays: places,
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomic(path, Buffer.concat([MAGIC, length, text, ...parts]));
}

/** Reads the header, and the body if it is wanted. @throws UnusableBankError naming what is wrong */
async function readParts(path: string, version: string, wanted: 'all' | 'looks') {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new UnusableBankError(`${path} cannot be opened (${error.code ?? 'unknown'})`);
  });
  const read = async (position: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, position);
    if (bytesRead !== bytes) {
      throw new UnusableBankError(`${path} is cut off`);
    }
    return buffer;
  };
  try {
    const start = await read(0, MAGIC.length + 4);
    const headerBytes = start.readUInt32LE(MAGIC.length);
    if (!start.subarray(0, MAGIC.length).equals(MAGIC) || headerBytes > MAX_HEADER_BYTES) {
      throw new UnusableBankError(`${path} is no bank of a part`);
    }
    const header = parseHeader(path, await read(start.length, headerBytes));
    if (header.version !== version) {
      throw new UnusableBankError(`${path} was made with another model`);
    }
    const places = Object.entries(header.arrays);
    const total = places.reduce((most, [, { offset, bytes }]) => Math.max(most, offset + bytes), 0);
    const first = start.length + headerBytes;
    const needed = wanted === 'all' ? total : (header.arrays['looks']?.bytes ?? 0);
    const body = await read(first, needed);
    if (wanted === 'all' && createHash('sha256').update(body).digest('hex') !== header.body) {
      throw new UnusableBankError(`${path} is damaged`);
    }
    return { header, body };
  } finally {
    await file.close();
  }
}

function parseHeader(path: string, text: Buffer): Header {
  let value: unknown;
  try {
    value = JSON.parse(text.toString('utf8'));
  } catch {
    throw new UnusableBankError(`${path} has a damaged header`);
  }
  const parsed = headerSchema.safeParse(value);
  if (!parsed.success) {
    throw new UnusableBankError(`${path} was written by another version`);
  }
  return parsed.data;
}

function numbersAt({ arrays }: Header, body: Buffer, name: string): Numbers | undefined {
  const place = arrays[name];
  if (place === undefined) {
    return undefined;
  }
  const { type, offset, bytes } = place;
  // A copy begins where numbers of four bytes may begin.
  const copy = new Uint8Array(body.subarray(offset, offset + bytes)).buffer;
  return new types[type](copy);
}

/** Reads a bank. @throws UnusableBankError */
export async function readPartBank(path: string, version: string): Promise<PartBankData> {
  const { header, body } = await readParts(path, version, 'all');
  const floats = (name: string) => numbersAt(header, body, name) as Float32Array | undefined;
  const kinds = new Map<Kind, KindBankState>();
  for (const { kind, normal, leftOut, levels, fits } of header.kinds) {
    const pairs = (numbersAt(header, body, `${kind}.rows`) as Int32Array | undefined) ?? new Int32Array(0);
    const rows = Array.from({ length: pairs.length / 2 }, (_, index) => ({
      reference: pairs[2 * index] ?? 0,
      row: pairs[2 * index + 1] ?? 0,
    }));
    const byLevel = (count: number, name: string) =>
      Array.from({ length: count }, (_, level) => floats(`${kind}.${name}.${level}`) ?? new Float32Array(0));
    const [means, roots] = [byLevel(fits, 'mean'), byLevel(fits, 'root')];
    kinds.set(kind, {
      ...{ rows, normal, leftOut, own: byLevel(levels, 'own') },
      fits: fits === 0 ? undefined : means.map((mean, level) => ({ mean, root: roots[level] ?? new Float32Array(0) })),
    });
  }
  const looks = floats('looks') ?? new Float32Array(0);
  const counts = (numbersAt(header, body, 'lookCounts') as Int32Array | undefined) ?? new Int32Array(0);
  const width =
    looks.length /
    Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    );
  let first = 0;
  const samples = header.samples.map(({ key, rawScore }, index): PartSample => {
    const own = Array.from({ length: counts[index] ?? 0 }, (_, at) =>
      looks.slice((first + at) * width, (first + at + 1) * width),
    );
    first += own.length;
    const kept = new Map<Kind, KeptPatches>();
    for (const kind of KINDS) {
      const unit: Int8Array[] = [];
      const within: Float32Array[] = [];
      for (let level = 0; ; level += 1) {
        const values = numbersAt(header, body, `${kind}.unit.${index}.${level}`) as Int8Array | undefined;
        if (values === undefined) {
          break;
        }
        unit.push(values);
        const apart = floats(`${kind}.within.${index}.${level}`);
        if (apart !== undefined) {
          within.push(apart);
        }
      }
      if (unit.length > 0) {
        kept.set(kind, { unit, within });
      }
    }
    return { key, rawScore, kinds: kept, looks: own };
  });
  return { samples, kinds };
}

/**
 * Reads what recognition needs of a bank: the global descriptors of its samples, turned and scaled ones too, [m,D].
 * @throws UnusableBankError
 */
export async function readPartLooks(path: string, version: string): Promise<Float32Array> {
  const { header, body } = await readParts(path, version, 'looks');
  return (numbersAt(header, body, 'looks') as Float32Array | undefined) ?? new Float32Array(0);
}
