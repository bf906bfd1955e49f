/** What a page of a TIFF says about its samples; fields are undefined where the page does not say. */
export type TiffTags = {
  /** Bits of the first sample. */
  bits?: number | undefined;
  /** 0: white is 0, 1: black is 0, 2: RGB, 3: palette, 5: CMYK, 6: YCbCr. */
  photometric?: number | undefined;
  /** Samples of a pixel. */
  bands?: number | undefined;
  /** 1: unsigned, 2: signed, 3: float. */
  samples?: number | undefined;
  /** 1: the samples of a pixel lie beside each other, 2: in a plane for each band. */
  planes?: number | undefined;
  /** What the first sample beyond the colours is: 0: not said, 1 and 2: transparency. */
  extra?: number | undefined;
};

const NAMES: Readonly<Record<number, keyof TiffTags>> = {
  258: 'bits',
  262: 'photometric',
  277: 'bands',
  284: 'planes',
  338: 'extra',
  339: 'samples',
};
const SHORT = 3;
const LONG = 4;
/** More pages or entries than these are not followed: the file may be made to hold its reader up. */
const MAX_PAGES = 10_000;
const MAX_ENTRIES = 4_096;

/**
 * Reads a few tags of a page of a TIFF or BigTIFF, since libvips does not tell them and its messages do not name what
 * it does not read. The bytes are untrusted: what lies outside of them, or has no page `page`, gives no tags.
 */
export function readTiffTags(bytes: Uint8Array, page = 0): TiffTags {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readPage(view, page);
  } catch (error) {
    if (error instanceof RangeError) {
      return {};
    }
    throw error;
  }
}

/** @throws RangeError for an offset outside of the bytes */
function readPage(view: DataView, page: number): TiffTags {
  const little = view.getUint8(0) === 0x49;
  const isBig = view.getUint16(2, little) === 43;
  const offsetAt = (at: number) => (isBig ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const [countSize, entrySize, offsetSize] = isBig ? [8, 20, 8] : [2, 12, 4];
  const countAt = (at: number) => (isBig ? Number(view.getBigUint64(at, little)) : view.getUint16(at, little));
  let directory = offsetAt(isBig ? 8 : 4);
  for (let skipped = 0; skipped < Math.min(page, MAX_PAGES); skipped += 1) {
    directory = offsetAt(directory + countSize + countAt(directory) * entrySize);
    if (directory === 0) {
      return {};
    }
  }
  const tags: TiffTags = {};
  const entries = Math.min(countAt(directory), MAX_ENTRIES);
  for (let i = 0; i < entries; i += 1) {
    const at = directory + countSize + i * entrySize;
    const name = NAMES[view.getUint16(at, little)];
    const type = view.getUint16(at + 2, little);
    if (name !== undefined && (type === SHORT || type === LONG)) {
      const size = type === SHORT ? 2 : 4;
      const field = at + 4 + offsetSize;
      const valueAt = offsetAt(at + 4) * size <= offsetSize ? field : offsetAt(field);
      tags[name] = type === SHORT ? view.getUint16(valueAt, little) : view.getUint32(valueAt, little);
    }
  }
  return tags;
}
