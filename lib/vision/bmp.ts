import sharp from 'sharp';
import { MAX_IMAGE_PIXELS } from './decode';

const HEADER_BYTES = 54;
const UNCOMPRESSED = 0;
const BIT_FIELDS = 3;

/** True for bytes that start like a Windows bitmap (BTAD has such images), which libvips does not read. */
export function looksLikeBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d && bytes.length >= HEADER_BYTES;
}

/**
 * Converts an uncompressed Windows bitmap of 8 (palette), 24 or 32 bits a pixel to PNG. The bytes are untrusted: every offset is checked.
 *
 * @throws RangeError naming what is wrong or not supported
 */
export async function bmpToPng(bytes: Uint8Array): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataOffset = view.getUint32(10, true);
  const headerSize = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const depth = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  if (headerSize < 40 || width <= 0 || height === 0 || width * height > MAX_IMAGE_PIXELS) {
    throw new RangeError(`The bitmap's header is damaged or its size is not supported (${width} x ${height} px).`);
  }
  if (![8, 24, 32].includes(depth) || !(compression === UNCOMPRESSED || (compression === BIT_FIELDS && depth === 32))) {
    throw new RangeError(`Bitmaps of ${depth} bits with compression ${compression} are not read; save it as PNG.`);
  }
  const stride = Math.ceil((width * depth) / 32) * 4;
  if (dataOffset < 14 + headerSize || dataOffset + stride * height > bytes.length) {
    throw new RangeError('The bitmap is cut off.');
  }
  // Colours of the palette are blue, green, red and a spare byte; so are pixels of 32 bits, and without the spare byte those of 24.
  const palette = bytes.subarray(14 + headerSize, dataOffset);
  const pixelBytes = depth / 8;
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    // Rows run from the bottom up unless the height is negative.
    const row = dataOffset + (signedHeight > 0 ? height - 1 - y : y) * stride;
    for (let x = 0; x < width; x += 1) {
      const at = row + x * pixelBytes;
      const [source, from] = depth === 8 ? [palette, (bytes[at] ?? 0) * 4] : [bytes, at];
      const to = (y * width + x) * 3;
      rgb[to] = source[from + 2] ?? 0;
      rgb[to + 1] = source[from + 1] ?? 0;
      rgb[to + 2] = source[from] ?? 0;
    }
  }
  return sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: MAX_IMAGE_PIXELS })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
