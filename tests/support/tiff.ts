/** How a test's TIFF stores its samples. */
export type TiffSamples = 'uint' | 'int' | 'float';

export type TiffPage = {
  width: number;
  height: number;
  /** Row by row, the samples of a pixel side by side. */
  values: ArrayLike<number>;
};

export type TiffOptions = {
  bits: 8 | 16 | 32 | 64;
  samples?: TiffSamples;
  /** Samples of a pixel; more than three are marked as unspecified extra ones. */
  bands?: number;
  bigTiff?: boolean;
  /** 0: white is 0; 1: black is 0; 2: RGB. */
  photometric?: 0 | 1 | 2;
  /** What the header says of the bands, 1: interleaved; the samples are laid as they come. */
  planes?: 1 | 2;
};

type Entry = { tag: number; type: 3 | 4; values: number[] };

function writeSample(view: DataView, at: number, value: number, bits: number, samples: TiffSamples): void {
  if (samples === 'float' && bits !== 16) {
    return bits === 64 ? view.setFloat64(at, value, true) : view.setFloat32(at, value, true);
  }
  if (bits === 8) {
    return view.setUint8(at, value & 0xff);
  }
  return bits === 16 ? view.setUint16(at, value & 0xffff, true) : view.setUint32(at, value >>> 0, true);
}

/** An uncompressed little-endian TIFF of one strip per page, since sharp writes only the common kinds. */
export function makeTiff(pages: readonly TiffPage[], options: TiffOptions): Buffer {
  const { bits, samples = 'uint', bands = 1, bigTiff = false } = options;
  const photometric = options.photometric ?? (bands >= 3 ? 2 : 1);
  const [offsetSize, entrySize] = bigTiff ? [8, 20] : [4, 12];
  const chunks: Buffer[] = [];
  let end = bigTiff ? 16 : 8;
  const header = Buffer.alloc(end);
  header.write('II', 'latin1');
  header.writeUInt16LE(bigTiff ? 43 : 42, 2);
  if (bigTiff) {
    header.writeUInt16LE(8, 4);
  }
  const put = (chunk: Buffer): number => {
    const at = end;
    chunks.push(chunk);
    end += chunk.length;
    return at;
  };
  const writeOffset = (target: Buffer, value: number, at: number) =>
    bigTiff ? target.writeBigUInt64LE(BigInt(value), at) : target.writeUInt32LE(value, at);
  let [link, linkAt] = [header, bigTiff ? 8 : 4];
  for (const { width, height, values } of pages) {
    const pixels = Buffer.alloc(width * height * bands * (bits / 8));
    const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    for (let i = 0; i < width * height * bands; i += 1) {
      writeSample(view, i * (bits / 8), values[i] ?? 0, bits, samples);
    }
    const strip = put(pixels);
    const extra = bands - (photometric === 2 ? 3 : 1);
    const perBand = (value: number) => Array.from({ length: bands }, () => value);
    const entries: Entry[] = [
      { tag: 256, type: 4, values: [width] },
      { tag: 257, type: 4, values: [height] },
      { tag: 258, type: 3, values: perBand(bits) },
      { tag: 259, type: 3, values: [1] },
      { tag: 262, type: 3, values: [photometric] },
      { tag: 273, type: 4, values: [strip] },
      { tag: 277, type: 3, values: [bands] },
      { tag: 278, type: 4, values: [height] },
      { tag: 279, type: 4, values: [pixels.length] },
      { tag: 284, type: 3, values: [options.planes ?? 1] },
      ...(extra > 0 ? [{ tag: 338, type: 3 as const, values: Array.from({ length: extra }, () => 0) }] : []),
      { tag: 339, type: 3, values: perBand({ uint: 1, int: 2, float: 3 }[samples]) },
    ];
    const countSize = bigTiff ? 8 : 2;
    const directory = Buffer.alloc(countSize + entries.length * entrySize + offsetSize);
    if (bigTiff) {
      directory.writeBigUInt64LE(BigInt(entries.length), 0);
    } else {
      directory.writeUInt16LE(entries.length, 0);
    }
    entries.forEach((entry, index) => {
      const at = countSize + index * entrySize;
      const size = entry.type === 3 ? 2 : 4;
      const data = Buffer.alloc(Math.max(offsetSize, entry.values.length * size));
      entry.values.forEach((value, i) =>
        size === 2 ? data.writeUInt16LE(value, i * 2) : data.writeUInt32LE(value, i * 4),
      );
      directory.writeUInt16LE(entry.tag, at);
      directory.writeUInt16LE(entry.type, at + 2);
      writeOffset(directory, entry.values.length, at + 4);
      const valueAt = at + 4 + offsetSize;
      if (entry.values.length * size <= offsetSize) {
        data.copy(directory, valueAt, 0, offsetSize);
      } else {
        writeOffset(directory, put(data), valueAt);
      }
    });
    writeOffset(link, put(directory), linkAt);
    [link, linkAt] = [directory, directory.length - offsetSize];
  }
  return Buffer.concat([header, ...chunks]);
}
