import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { type TiffTags, readTiffTags } from './tiff-tags';
import { describeRange, findRange, type Samples, toBytes, type ValueRange, type ValueWindow } from './value-range';

/**
 * RGB of a file whose samples are more than 8 bits of up to three colours, and what to say about how they were read.
 */
export type DeepImage = {
  width: number;
  height: number;
  pixels: Uint8Array;
  notes: string[];
  range: ValueRange | undefined;
};

/** Colour spaces whose samples are plain values; the others (Lab, CMYK) have a meaning that libvips knows. */
const PLAIN = ['b-w', 'grey16', 'rgb16', 'srgb', 'scrgb', 'multiband'];
const UNSIGNED_SHIFT = 2 ** 15;
export const WHITE_IS_ZERO = 0;

type Layout = {
  /** The colours: one, or the first three bands. */
  used: 1 | 3;
  /** The band that says how transparent a pixel is. */
  alpha: number | undefined;
};

function layoutOf({ channels, space, format, hasAlpha }: Metadata, tags: TiffTags): Layout {
  const grey = space === 'b-w' || space === 'grey16';
  const isOpaque = !hasAlpha || (format === 'tiff' && (tags.extra === 0 || tags.extra === undefined));
  const colours = grey && !(isOpaque && channels > 2) ? 1 : 3;
  const used = channels < 3 ? 1 : colours;
  return { used, alpha: isOpaque || channels <= used ? undefined : used };
}

/** Bands that are neither one of three colours nor transparency. */
const spareBands = ({ channels }: Metadata, { used, alpha }: Layout): number =>
  channels - used - (alpha === undefined ? 0 : 1);

/**
 * True for PNG and TIFF files of more than 8 bits a sample, or with more bands than colours and transparency: libvips
 * takes their values for the whole range of their type, and what is left over for transparency.
 */
export function isDeep(metadata: Metadata, bytes: Uint8Array, page: number): boolean {
  if (!['png', 'tiff'].includes(metadata.format) || !PLAIN.includes(metadata.space)) {
    return false;
  }
  return metadata.depth !== 'uchar' || spareBands(metadata, layoutOf(metadata, readTiffTags(bytes, page))) > 0;
}

type Read = Pick<DeepImage, 'width' | 'height'> & { values: Samples['values']; bands: number };

async function readRaw<Values extends Samples['values']>(
  image: Sharp,
  depth: 'uchar' | 'short' | 'ushort' | 'float' | 'double',
  view: new (buffer: ArrayBufferLike, offset: number, length: number) => Values,
  bytes: number,
): Promise<Omit<Read, 'values'> & { values: Values }> {
  const { data, info } = await image.raw({ depth }).toBuffer({ resolveWithObject: true });
  const aligned = data.byteOffset % bytes === 0 ? data : new Uint8Array(data);
  const values = new view(aligned.buffer, aligned.byteOffset, data.length / bytes);
  return { width: info.width, height: info.height, bands: info.channels, values };
}

/**
 * The samples of a PNG or TIFF as the file has them, those of signed, float and 32 bit files too. Every output colour
 * space of its own keeps sharp from converting the values.
 */
export async function readSamples(image: Sharp, { space, depth, channels }: Metadata): Promise<Read> {
  const kept = space === 'srgb' || space === 'multiband' ? image : image.toColourspace(space);
  switch (depth) {
    case 'uchar':
      // Grey with further bands would become grey alone; as 16 bits, in which a value is 257 times itself, it does not.
      return space === 'b-w' && channels > 2
        ? readRaw(image.toColourspace('grey16'), 'ushort', Uint16Array, 2).then((read) => ({
            ...read,
            values: Uint8Array.from(read.values, (value) => value >> 8),
          }))
        : readRaw(kept, 'uchar', Uint8Array, 1);
    case 'ushort':
      return readRaw(kept, 'ushort', Uint16Array, 2);
    case 'char':
      return readRaw(kept, 'short', Int16Array, 2);
    case 'short': {
      // What sharp calls 16 bit grey or colour is cut off below 0 at the end, so it is lifted before.
      if (space === 'grey16' || space === 'rgb16') {
        const { values, ...rest } = await readRaw(kept.linear(1, UNSIGNED_SHIFT), 'ushort', Uint16Array, 2);
        return { ...rest, values: Int16Array.from(values, (value) => value - UNSIGNED_SHIFT) };
      }
      return readRaw(kept, 'short', Int16Array, 2);
    }
    case 'float':
      return readRaw(kept, 'float', Float32Array, 4);
    default:
      return readRaw(kept, 'double', Float64Array, 8);
  }
}

/**
 * The samples of a PNG or TIFF for which `isDeep` holds, turned by EXIF, as the file has them; `inverted`: 0 is white.
 */
export async function readDeep(
  bytes: Uint8Array,
  metadata: Metadata,
  options: SharpOptions & { page: number },
): Promise<Read & { layout: Layout; inverted: boolean }> {
  const tags = readTiffTags(bytes, options.page);
  const read = await readSamples(sharp(bytes, options).autoOrient(), metadata);
  const inverted = tags.photometric === WHITE_IS_ZERO && metadata.depth === 'ushort' && metadata.format === 'tiff';
  if (inverted) {
    // libvips turned the values round in 16 bits; the range is that of the values in the file.
    read.values.forEach((value, i) => (read.values[i] = 2 ** 16 - 1 - value));
  }
  return { ...read, layout: layoutOf(metadata, tags), inverted };
}

/**
 * Reads the values of a PNG or TIFF for which `isDeep` holds, and spreads the range that they use over 8 bits
 * (docs/decisions/value-range.md).
 *
 * @param window shows these values black and white instead of the range that is found
 * @returns undefined when the values use the whole range of 16 bits, and no more than three colours: then the file is
 *   read as any other
 * @throws what sharp throws for damaged data
 */
export async function decodeDeep(
  bytes: Uint8Array,
  metadata: Metadata,
  options: SharpOptions & { page: number },
  window?: ValueWindow,
): Promise<DeepImage | undefined> {
  const { width, height, values, bands, layout, inverted } = await readDeep(bytes, metadata, options);
  const used = Math.min(layout.used, bands);
  const spare = spareBands(metadata, layout);
  const range: ValueRange | undefined =
    window !== undefined
      ? { ...window, rule: 'chosen' }
      : metadata.depth === 'uchar'
        ? { low: 0, high: 255, rule: 'full' }
        : findRange({ values, bands, used });
  if (range.rule === 'full' && spare === 0) {
    return undefined;
  }
  const pixels = toRgb({ values, bands, used }, layout.alpha, range, inverted);
  const sentence = describeRange(range);
  const notes = sentence === undefined ? [] : [sentence];
  if (spare > 0) {
    const shownBands = used === 3 ? 'the first three are shown as red, green and blue' : 'the first one is shown';
    notes.push(`The file has ${metadata.channels} bands: ${shownBands}.`);
  }
  return { width, height, pixels, notes, range: metadata.depth === 'uchar' ? undefined : range };
}

function toRgb({ values, bands, used }: Samples, alpha: number | undefined, range: ValueWindow, inverted: boolean) {
  const count = Math.floor(values.length / bands);
  const rgb = new Uint8Array(count * 3);
  const opaque = alpha === undefined ? undefined : alphaRange(values, bands, alpha);
  for (let i = 0; i < count; i += 1) {
    const share = opaque === undefined ? 1 : toBytes(values[i * bands + (alpha ?? 0)] ?? 0, opaque) / 255;
    for (let band = 0; band < 3; band += 1) {
      const read = toBytes(values[i * bands + (used === 3 ? band : 0)] ?? 0, range);
      const value = inverted ? 255 - read : read;
      rgb[i * 3 + band] = share === 1 ? value : Math.round(value * share + 255 * (1 - share));
    }
  }
  return rgb;
}

/** Transparency is as deep as its own greatest value says. */
function alphaRange(values: Samples['values'], bands: number, alpha: number): ValueWindow {
  const own = new Float64Array(Math.floor(values.length / bands));
  own.forEach((_, i) => (own[i] = values[i * bands + alpha] ?? 0));
  return findRange({ values: own, bands: 1, used: 1 });
}
