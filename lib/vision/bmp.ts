import sharp from 'sharp';
import { type BmpHeader, readBmpHeader } from './bmp-header';
import { MAX_IMAGE_PIXELS } from './limits';

/** RGB, row by row from the top, 3 x width x height bytes. */
export type Bitmap = { width: number; height: number; rgb: Uint8Array };

const WHITE = 255;

/**
 * Decodes a Windows bitmap (`looksLikeBmp`): 1, 2, 4 and 8 bits with a palette, 16, 24 and 32 bits, bit fields, run
 * lengths, rows from the bottom or the top. Transparency is laid on white where a file has any; pixels that run lengths
 * skip are black, as with Windows. The bytes are untrusted: every offset is checked.
 *
 * @throws RangeError naming what is wrong or not supported
 */
export function decodeBmp(bytes: Uint8Array): Bitmap {
  const header = readBmpHeader(bytes);
  const { width, height, coding, depth } = header;
  const rgb = new Uint8Array(width * height * 3);
  if (coding === 'rle') {
    paintIndices(header, bytes, rgb, expandRuns(header, bytes));
    return { width, height, rgb };
  }
  const stride = Math.ceil((width * depth) / 32) * 4;
  if (header.dataOffset + stride * height > bytes.length) {
    throw new RangeError('The bitmap is cut off.');
  }
  if (depth <= 8) {
    paintIndices(header, bytes, rgb, unpackIndices(header, bytes, stride));
  } else if (depth === 24) {
    paintTriples(header, bytes, rgb, stride);
  } else {
    paintFields(header, bytes, rgb, stride);
  }
  return { width, height, rgb };
}

/** The row of the file, counted from its first, that shows row `y` from the top. */
const rowOf = ({ topDown, height }: BmpHeader, y: number): number => (topDown ? y : height - 1 - y);

/** Palette numbers of all pixels, from the top. */
function unpackIndices(header: BmpHeader, bytes: Uint8Array, stride: number): Uint8Array {
  const { width, height, depth, dataOffset } = header;
  const indices = new Uint8Array(width * height);
  const mask = 2 ** depth - 1;
  for (let y = 0; y < height; y += 1) {
    const row = dataOffset + rowOf(header, y) * stride;
    for (let x = 0; x < width; x += 1) {
      const bit = x * depth;
      // The first pixel of a byte is in its highest bits.
      indices[y * width + x] = ((bytes[row + (bit >> 3)] ?? 0) >> (8 - depth - (bit & 7))) & mask;
    }
  }
  return indices;
}

/** Colours of a palette are blue, green, red; one without entries is a grey wedge, as cameras write it. */
function paintIndices({ palette, depth }: BmpHeader, bytes: Uint8Array, rgb: Uint8Array, indices: Uint8Array): void {
  const { offset, entryBytes, entries } = palette;
  const step = 255 / (2 ** depth - 1);
  indices.forEach((index, pixel) => {
    const at = offset + index * entryBytes;
    for (let channel = 0; channel < 3; channel += 1) {
      const grey = entries === 0 ? Math.round(index * step) : 0;
      rgb[pixel * 3 + channel] = index < entries ? (bytes[at + 2 - channel] ?? 0) : grey;
    }
  });
}

function paintTriples(header: BmpHeader, bytes: Uint8Array, rgb: Uint8Array, stride: number): void {
  const { width, height, dataOffset } = header;
  for (let y = 0; y < height; y += 1) {
    const row = dataOffset + rowOf(header, y) * stride;
    for (let x = 0; x < width; x += 1) {
      const [from, to] = [row + x * 3, (y * width + x) * 3];
      rgb[to] = bytes[from + 2] ?? 0;
      rgb[to + 1] = bytes[from + 1] ?? 0;
      rgb[to + 2] = bytes[from] ?? 0;
    }
  }
}

/** Reads the bits of a pixel under a mask as 0..255. */
function fieldReader(mask: number): (pixel: number) => number {
  const unsigned = mask >>> 0;
  if (unsigned === 0) {
    return () => 0;
  }
  const shift = 31 - Math.clz32(unsigned & -unsigned);
  const top = unsigned >>> shift;
  return (pixel) => Math.round(((((pixel & unsigned) >>> 0) >>> shift) / top) * 255);
}

function paintFields(header: BmpHeader, bytes: Uint8Array, rgb: Uint8Array, stride: number): void {
  const { width, height, depth, coding, dataOffset } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const plain = depth === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0x00ff0000, 0x0000ff00, 0x000000ff, 0];
  const masks = coding === 'fields' ? header.masks : plain;
  const [red, green, blue, alpha] = masks.map(fieldReader);
  const pixelAt = (x: number, y: number) => {
    const at = dataOffset + rowOf(header, y) * stride + (x * depth) / 8;
    return depth === 16 ? view.getUint16(at, true) : view.getUint32(at, true);
  };
  // Many writers leave alpha 0 throughout and mean opaque.
  let transparent = false;
  if (masks[3] !== 0 && alpha !== undefined) {
    for (let i = 0; i < width * height && !transparent; i += 1) {
      transparent = alpha(pixelAt(i % width, Math.floor(i / width))) > 0;
    }
  }
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const pixel = pixelAt(x, y);
      const share = transparent ? (alpha?.(pixel) ?? WHITE) / WHITE : 1;
      const to = (y * width + x) * 3;
      [red, green, blue].forEach((read, channel) => {
        rgb[to + channel] = Math.round((read?.(pixel) ?? 0) * share + WHITE * (1 - share));
      });
    }
  }
}

/**
 * Palette numbers of a run-length coded bitmap, from the top. A file that ends early leaves the rest 0.
 * @throws RangeError for runs that leave the picture
 */
function expandRuns({ width, height, depth, dataOffset }: BmpHeader, bytes: Uint8Array): Uint8Array {
  const indices = new Uint8Array(width * height);
  const packed = depth === 4;
  let [x, y, at] = [0, 0, dataOffset];
  const put = (index: number) => {
    if (x < width && y < height) {
      indices[(height - 1 - y) * width + x] = index;
    }
    x += 1;
  };
  while (at + 1 < bytes.length) {
    const [count = 0, value = 0] = [bytes[at], bytes[at + 1]];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i += 1) {
        put(packed ? (value >> (i % 2 === 0 ? 4 : 0)) & 15 : value);
      }
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      x += bytes[at] ?? 0;
      y += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      for (let i = 0; i < value; i += 1) {
        const byte = bytes[at + (packed ? i >> 1 : i)] ?? 0;
        put(packed ? (byte >> (i % 2 === 0 ? 4 : 0)) & 15 : byte);
      }
      // What is written out is filled up to pairs of bytes.
      at += Math.ceil((packed ? Math.ceil(value / 2) : value) / 2) * 2;
    }
  }
  if (y < height - 1) {
    throw new RangeError('The bitmap is cut off.');
  }
  return indices;
}

/**
 * A bitmap as PNG, for what only takes formats that libvips reads.
 * @throws RangeError as `decodeBmp`, and for one that is too large
 */
export async function bmpToPng(bytes: Uint8Array): Promise<Uint8Array> {
  const size = readBmpHeader(bytes);
  if (size.width * size.height > MAX_IMAGE_PIXELS) {
    throw new RangeError(`The bitmap's size is not supported (${size.width} x ${size.height} px).`);
  }
  const { width, height, rgb } = decodeBmp(bytes);
  return sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: MAX_IMAGE_PIXELS })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
