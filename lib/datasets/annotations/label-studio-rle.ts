/**
 * Label Studio's run lengths of a brush (the format of `@thi.ng/rle-pack`): a bit stream, most significant bit first.
 * Head: number of values (32 bits), word size - 1 (5 bits), four length sizes - 1 (4 bits each). Then records: 1 bit
 * "run", 2 bits choosing a length size, the length - 1, and one value (run) or as many values as the length says. The
 * values are the bytes of an RGBA picture; the mask is in its alpha.
 */

const WORD_BITS = 8;
const LENGTH_BITS = [3, 4, 8, 16] as const;
const CHANNELS = 4;

class BitWriter {
  readonly bytes: number[] = [];
  private free = 0;

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit -= 1) {
      if (this.free === 0) {
        this.bytes.push(0);
        this.free = 8;
      }
      this.free -= 1;
      const last = this.bytes.length - 1;
      this.bytes[last] = (this.bytes[last] ?? 0) | ((Math.floor(value / 2 ** bit) % 2) << this.free);
    }
  }
}

class BitReader {
  private position = 0;

  constructor(private readonly bytes: ArrayLike<number>) {}

  /** @throws RangeError past the end */
  read(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i += 1) {
      const byte = this.bytes[this.position >> 3];
      if (byte === undefined) {
        throw new RangeError('The brush is cut off.');
      }
      value = value * 2 + ((byte >> (7 - (this.position & 7))) & 1);
      this.position += 1;
    }
    return value;
  }
}

/** Encodes a mask (row-major, 0 or 1) as a brush. */
export function encodeBrush(mask: Uint8Array): number[] {
  const writer = new BitWriter();
  writer.write(mask.length * CHANNELS, 32);
  writer.write(WORD_BITS - 1, 5);
  LENGTH_BITS.forEach((bits) => writer.write(bits - 1, 4));
  let from = 0;
  while (from < mask.length) {
    const value = mask[from] ?? 0;
    let to = from + 1;
    while (to < mask.length && mask[to] === value) {
      to += 1;
    }
    for (let left = (to - from) * CHANNELS; left > 0;) {
      const size = LENGTH_BITS.findIndex((bits) => left <= 2 ** bits);
      const index = size === -1 ? LENGTH_BITS.length - 1 : size;
      const bits = LENGTH_BITS[index] ?? 16;
      const length = Math.min(left, 2 ** bits);
      writer.write(1, 1);
      writer.write(index, 2);
      writer.write(length - 1, bits);
      writer.write(value === 0 ? 0 : 255, WORD_BITS);
      left -= length;
    }
    from = to;
  }
  return writer.bytes;
}

/**
 * Decodes a brush over an image of `pixels` pixels to its alpha values, row-major.
 * @throws RangeError when the brush is damaged or of another size
 */
export function decodeBrush(rle: ArrayLike<number>, pixels: number): Uint8Array {
  const reader = new BitReader(rle);
  const count = reader.read(32);
  if (count !== pixels * CHANNELS) {
    throw new RangeError(`The brush has ${count / CHANNELS} px, the image ${pixels} px.`);
  }
  const word = reader.read(5) + 1;
  const lengths = LENGTH_BITS.map(() => reader.read(4) + 1);
  const alpha = new Uint8Array(pixels);
  let position = 0;
  const put = (value: number) => {
    if (position % CHANNELS === CHANNELS - 1) {
      alpha[(position - (CHANNELS - 1)) / CHANNELS] = value;
    }
    position += 1;
  };
  while (position < count) {
    const isRun = reader.read(1) === 1;
    const length = reader.read(lengths[reader.read(2)] ?? 16) + 1;
    if (position + length > count) {
      throw new RangeError('The brush has more pixels than it says.');
    }
    const value = isRun ? reader.read(word) : 0;
    for (let i = 0; i < length; i += 1) {
      put(isRun ? value : reader.read(word));
    }
  }
  return alpha;
}
