/** What a Windows bitmap says of itself; sizes in pixels, offsets in bytes from the start of the file. */
export type BmpHeader = {
  width: number;
  height: number;
  topDown: boolean;
  depth: 1 | 2 | 4 | 8 | 16 | 24 | 32;
  coding: 'plain' | 'rle' | 'fields';
  /** Red, green, blue and alpha, where `coding` is `fields`. */
  masks: readonly [number, number, number, number];
  dataOffset: number;
  palette: { offset: number; entryBytes: 3 | 4; entries: number };
};

const FILE_HEADER = 14;
const CORE_HEADER = 12;
const INFO_HEADER = 40;
/** Headers from this size on hold the masks of the colours themselves, from the next on that of alpha as well. */
const WITH_MASKS = 52;
const WITH_ALPHA = 56;
const DEPTHS = [1, 2, 4, 8, 16, 24, 32] as const;
/** Names of the compressions in the header's field; those that are not read have no coding. */
const COMPRESSIONS: Readonly<Record<number, BmpHeader['coding']>> = {
  0: 'plain',
  1: 'rle',
  2: 'rle',
  3: 'fields',
  6: 'fields',
};

/** True for bytes that start like a Windows bitmap, which libvips does not read. */
export function looksLikeBmp(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FILE_HEADER + CORE_HEADER || bytes[0] !== 0x42 || bytes[1] !== 0x4d) {
    return false;
  }
  const headerSize = view.getUint32(FILE_HEADER, true);
  return headerSize === CORE_HEADER || (headerSize >= INFO_HEADER && headerSize <= 124);
}

/**
 * Reads the header of a bitmap (`looksLikeBmp`). The bytes are untrusted.
 * @throws RangeError naming what is wrong or not supported
 */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerSize = view.getUint32(FILE_HEADER, true);
  const isCore = headerSize === CORE_HEADER;
  if (bytes.length < FILE_HEADER + headerSize) {
    throw new RangeError('The bitmap is cut off.');
  }
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? 0 : view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  if (width <= 0 || height === 0) {
    throw new RangeError(`The bitmap's header is damaged (${width} x ${height} px).`);
  }
  const depth = DEPTHS.find((known) => known === bits);
  const coding = COMPRESSIONS[compression];
  const fits =
    coding === 'plain' ||
    (coding === 'rle' && signedHeight > 0 && bits === (compression === 1 ? 8 : 4)) ||
    (coding === 'fields' && (bits === 16 || bits === 32));
  if (depth === undefined || coding === undefined || !fits) {
    throw new RangeError(`Bitmaps of ${bits} bits with compression ${compression} are not read; save it as PNG.`);
  }
  const ownMasks = coding === 'fields' && headerSize < WITH_MASKS ? (compression === 6 ? 16 : 12) : 0;
  const paletteOffset = FILE_HEADER + headerSize + ownMasks;
  const stated = isCore ? 0 : view.getUint32(46, true);
  const entryBytes = isCore ? 3 : 4;
  const dataOffset = view.getUint32(10, true);
  const room = Math.floor((dataOffset - paletteOffset) / entryBytes);
  const entries = depth > 8 ? 0 : Math.min(stated === 0 ? 2 ** depth : stated, 2 ** depth, Math.max(0, room));
  if (dataOffset < FILE_HEADER + headerSize || dataOffset > bytes.length) {
    throw new RangeError('The bitmap is cut off.');
  }
  return {
    width,
    height,
    topDown: signedHeight < 0,
    depth,
    coding,
    masks: coding === 'fields' ? readMasks(view, headerSize, compression === 6) : [0, 0, 0, 0],
    dataOffset,
    palette: { offset: paletteOffset, entryBytes, entries },
  };
}

/** @throws RangeError when there are none */
function readMasks(view: DataView, headerSize: number, alpha: boolean): [number, number, number, number] {
  const at = FILE_HEADER + INFO_HEADER;
  if (view.byteLength < at + 16) {
    throw new RangeError('The bitmap is cut off.');
  }
  const mask = (index: number) => view.getUint32(at + 4 * index, true);
  return [mask(0), mask(1), mask(2), alpha || headerSize >= WITH_ALPHA ? mask(3) : 0];
}
