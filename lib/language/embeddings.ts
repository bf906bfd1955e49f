import { open } from 'node:fs/promises';
import type { Bundle } from '@/lib/engine/bundle';
import { EngineError } from '@/lib/engine/errors';
import type { EmbeddingManifest } from '@/lib/engine/manifest';
import type { PositionSource } from './prompt';

/** Node reads less than 2 GB at a time; the matrix of a 7B model has more. */
const READ_BYTES = 2 ** 30;

/** A float16 as a number. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) {
    return sign * fraction * 2 ** -24;
  }
  return exponent === 31 ? (fraction ? NaN : sign * Infinity) : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

async function readRange(path: string, file: string, range: { offset: number; bytes: number }): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = new Uint8Array(range.bytes);
    for (let at = 0; at < range.bytes;) {
      const { bytesRead } = await handle.read(buffer, at, Math.min(READ_BYTES, range.bytes - at), range.offset + at);
      if (bytesRead === 0) {
        throw new EngineError(
          'model_unavailable',
          `The model bundle's file ${file} is shorter than the manifest says.`,
        );
      }
      at += bytesRead;
    }
    return buffer;
  } finally {
    await handle.close();
  }
}

/** Token embeddings, looked up in the embedding matrix [vocab, width]. */
export type TokenEmbeddings = {
  width: number;
  /** Writes the vector of a token into `out` at `offset`. */
  write: (id: number, out: Float32Array, offset: number) => void;
};

/**
 * Reads the embedding matrix of a bundle.
 * @throws EngineError `model_unavailable` when the ranges do not fit the sizes
 */
export async function openEmbeddings(bundle: Bundle): Promise<TokenEmbeddings> {
  const { embedding } = bundle.manifest.language;
  return embedding.format === 'float32'
    ? FloatEmbeddings.open(bundle, embedding)
    : Int4Embeddings.open(bundle, embedding);
}

/** Writes the input vectors of positions into `out` [positions, width]. */
export function writePositions(
  embeddings: TokenEmbeddings,
  positions: readonly PositionSource[],
  out: Float32Array,
): void {
  const { width } = embeddings;
  positions.forEach((source, index) => {
    if ('id' in source) {
      embeddings.write(source.id, out, index * width);
    } else {
      out.set(source.run.rows.subarray(source.row * width, (source.row + 1) * width), index * width);
    }
  });
}

function misfit({ vocab, width }: { vocab: number; width: number }, how: string): EngineError {
  return new EngineError(
    'model_unavailable',
    `manifest.json: language.embedding does not fit a matrix of ${vocab} x ${width}${how}.`,
  );
}

/** The values as they are. */
class FloatEmbeddings implements TokenEmbeddings {
  private constructor(
    private readonly values: Float32Array,
    readonly width: number,
  ) {}

  static async open(
    bundle: Bundle,
    { file, weights }: Extract<EmbeddingManifest, { format: 'float32' }>,
  ): Promise<FloatEmbeddings> {
    const { vocab, width } = bundle.manifest.language;
    if (weights.bytes !== vocab * width * 4) {
      throw misfit({ vocab, width }, ' of float32');
    }
    const bytes = await readRange(bundle.path(file), file, weights);
    return new FloatEmbeddings(new Float32Array(bytes.buffer, bytes.byteOffset, vocab * width), width);
  }

  write(id: number, out: Float32Array, offset: number): void {
    out.set(this.values.subarray(id * this.width, (id + 1) * this.width), offset);
  }
}

/** Int4 with integer zero points: w = (q - zero) x scale per block. */
class Int4Embeddings implements TokenEmbeddings {
  private constructor(
    private readonly weights: Uint8Array,
    private readonly scales: Float32Array,
    private readonly zeros: Uint8Array,
    readonly width: number,
    private readonly blockSize: number,
  ) {}

  static async open(
    bundle: Bundle,
    { file, blockSize, weights, scales, zeros }: Extract<EmbeddingManifest, { format: 'int4-asymmetric' }>,
  ): Promise<Int4Embeddings> {
    const { vocab, width } = bundle.manifest.language;
    const blocks = width / blockSize;
    const scaleBytes = scales.type === 'float16' ? 2 : 4;
    const fits =
      weights.bytes === (vocab * width) / 2 &&
      scales.bytes === vocab * blocks * scaleBytes &&
      zeros.bytes === vocab * Math.ceil(blocks / 2);
    if (!fits) {
      throw misfit({ vocab, width }, ` in blocks of ${blockSize}`);
    }
    const path = bundle.path(file);
    const [q, s, z] = await Promise.all([weights, scales, zeros].map((range) => readRange(path, file, range)));
    if (q === undefined || s === undefined || z === undefined) {
      throw new EngineError('internal', 'The embedding matrix was not read.');
    }
    const values =
      scales.type === 'float16'
        ? Float32Array.from(new Uint16Array(s.buffer), halfToFloat)
        : new Float32Array(s.buffer, 0, s.byteLength / 4);
    return new Int4Embeddings(q, values, z, width, blockSize);
  }

  write(id: number, out: Float32Array, offset: number): void {
    const { width, blockSize } = this;
    const blocks = width / blockSize;
    const zeroBytes = Math.ceil(blocks / 2);
    const start = (id * width) / 2;
    for (let block = 0; block < blocks; block += 1) {
      const scale = this.scales[id * blocks + block] ?? 0;
      const zero = nibble(this.zeros[id * zeroBytes + (block >> 1)] ?? 0, block);
      for (let i = block * blockSize; i < (block + 1) * blockSize; i += 1) {
        out[offset + i] = (nibble(this.weights[start + (i >> 1)] ?? 0, i) - zero) * scale;
      }
    }
  }
}

/** Element `index` of a byte with two: the even one is in the low half. */
function nibble(byte: number, index: number): number {
  return index % 2 === 0 ? byte & 15 : byte >> 4;
}
