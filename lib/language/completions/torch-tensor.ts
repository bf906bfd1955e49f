import { crc32 } from 'node:zlib';

/**
 * The form in which `torch.save` keeps a tensor: a ZIP archive without compression, of a pickle that says how to
 * rebuild the tensor and of its numbers. `torch.load(..., weights_only=True)` reads it.
 */

const ROOT = 'archive';
/**
 * Offsets of the archive's entries are multiples of it, as torch writes them, so that the numbers can be used where
 * they lie.
 */
const ALIGNMENT = 64;
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
/** Version 2.0 of the format is enough for entries without compression. */
const ZIP_VERSION = 20;

const text = (value: string) => Buffer.from(value, 'latin1');

function pickledInt(value: number): Buffer {
  const out = Buffer.alloc(5);
  out.write('J', 'latin1');
  out.writeInt32LE(value, 1);
  return out;
}

function pickledText(value: string): Buffer {
  const out = Buffer.alloc(5);
  out.write('X', 'latin1');
  out.writeUInt32LE(value.length, 1);
  return Buffer.concat([out, text(value)]);
}

/**
 * Pickle (protocol 2) of
 * `torch._utils._rebuild_tensor_v2(storage, 0, (rows, columns), (columns, 1), False, OrderedDict())`.
 */
function pickle(rows: number, columns: number): Buffer {
  return Buffer.concat([
    Buffer.from([0x80, 2]),
    text('ctorch._utils\n_rebuild_tensor_v2\n'),
    text('('),
    text('('),
    pickledText('storage'),
    text('ctorch\nFloatStorage\n'),
    pickledText('0'),
    pickledText('cpu'),
    pickledInt(rows * columns),
    text('tQ'),
    pickledInt(0),
    pickledInt(rows),
    pickledInt(columns),
    Buffer.from([0x86]),
    pickledInt(columns),
    pickledInt(1),
    Buffer.from([0x86, 0x89]),
    text('ccollections\nOrderedDict\n)R'),
    text('tR.'),
  ]);
}

/** The fields that an entry's local and central headers share, from the needed version on. */
function entryFields(content: Buffer, name: Buffer, extraLength: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(ZIP_VERSION, 0);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  fields.writeUInt16LE(extraLength, 24);
  return fields;
}

function signature(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

/** An extra field of zeros after which `offset` is aligned; such a field has a header of four bytes. */
function padding(offset: number): Buffer {
  const length = (ALIGNMENT - ((offset + 4) % ALIGNMENT)) % ALIGNMENT;
  const field = Buffer.alloc(4 + length);
  field.write('FB', 'latin1');
  field.writeUInt16LE(length, 2);
  return field;
}

function zip(entries: readonly (readonly [name: string, content: Buffer])[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of entries) {
    const name = text(`${ROOT}/${path}`);
    const extra = padding(offset + 30 + name.length);
    const local = [signature(LOCAL_HEADER), entryFields(content, name, extra.length), name, extra, content];
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    const version = Buffer.alloc(2);
    version.writeUInt16LE(ZIP_VERSION);
    central.push(signature(CENTRAL_HEADER), version, entryFields(content, name, 0), tail, name);
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const size = central.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...central, end]);
}

/**
 * A float32 matrix as `torch.save` would write it.
 * @param values [rows, columns], row-major, in this machine's byte order, which must be little-endian
 */
export function torchMatrix(values: Float32Array, columns: number): Buffer {
  const numbers = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return zip([
    ['data.pkl', pickle(values.length / columns, columns)],
    ['byteorder', text('little')],
    ['data/0', numbers],
    ['version', text('3\n')],
  ]);
}
