import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { variantWidths } from '@/lib/contract';
import { blobs } from '@/lib/storage';
import { writeAtomically } from '@/lib/common/atomic-file';
import { errorCode } from '@/lib/common/error-code';
import { openPicture } from '@/lib/vision/open-picture';
import type { ValueWindow } from '@/lib/vision/value-range';
import { imageGate } from './gate';
import { type StoredImage, windowOf } from './image-source';
import { noteUse, picturesDirectory } from './prune-pictures';

export type VariantFormat = 'webp' | 'png' | 'jpeg';
export type Variant = { bytes: Buffer; mime: string };

/** The smallest offered width that is at least `w`; undefined: the full size. */
function roundUp(w: number | undefined): number | undefined {
  return w === undefined ? undefined : variantWidths.find((width) => width >= w);
}

/** The longest side that the encoders take, in px. */
const LONGEST: Readonly<Record<VariantFormat, number | null>> = { webp: 16_383, jpeg: 65_500, png: null };

/** What is longer than the encoder takes is made smaller, whatever the width. */
async function encode(
  original: Buffer,
  { width, format, window }: { width: number | undefined; format: VariantFormat; window: ValueWindow | undefined },
): Promise<Buffer> {
  const image = await openPicture(original, { window });
  const longest = LONGEST[format];
  if (longest !== null) {
    image.resize({ width: width ?? longest, height: longest, fit: 'inside', withoutEnlargement: true });
  } else if (width !== undefined) {
    image.resize({ width, withoutEnlargement: true });
  }
  switch (format) {
    case 'webp':
      return image.webp({ quality: 85 }).toBuffer();
    case 'jpeg':
      return image.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
    case 'png':
      return image.png({ compressionLevel: 6 }).toBuffer();
  }
}

/** Keeps a picture for the next time, unless the disk takes nothing: it can be made again. */
async function keep(path: string, bytes: Buffer): Promise<void> {
  try {
    await writeAtomically(join(dirname(picturesDirectory()), 'incoming'), async (file) => {
      await file.writeFile(bytes);
      return path;
    });
  } catch (error) {
    if (!['EROFS', 'EACCES', 'ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '')) {
      throw error;
    }
  }
}

/**
 * The pixels of a stored image, re-encoded: the browser gets what our encoder wrote, never what somebody uploaded, and
 * no EXIF. Cached on disk below the data directory's `cache`, which is pruned (prune-pictures.ts) and may be deleted at
 * any time. Without a format: WebP for the smaller widths; JPEG, which is quick at 50 megapixels and has no limit of
 * 16383 pixels, for the full size.
 */
export async function imageVariant(image: StoredImage, w?: number, wanted?: VariantFormat): Promise<Variant> {
  const { sha256 } = image;
  const window = windowOf(image);
  const width = roundUp(w);
  const format = wanted ?? (width === undefined ? 'jpeg' : 'webp');
  const shown = window === undefined ? '' : `-${window.low}to${window.high}`;
  const path = join(picturesDirectory(), sha256.slice(0, 2), `${sha256}-${width ?? 'full'}${shown}.${format}`);
  const mime = `image/${format}`;
  try {
    const bytes = await readFile(path);
    await noteUse(path);
    return { bytes, mime };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      throw error;
    }
  }
  const original = await blobs().read(sha256);
  const bytes = await imageGate.run(() => encode(original, { width, format, window }));
  await keep(path, bytes);
  return { bytes, mime };
}

/** The pixels of a stored image by a window that nobody has chosen yet, while somebody looks for one; not kept. */
export async function previewVariant(
  { sha256 }: StoredImage,
  window: ValueWindow,
  w: number | undefined,
): Promise<Variant> {
  const original = await blobs().read(sha256);
  const bytes = await imageGate.run(() => encode(original, { width: roundUp(w), format: 'jpeg', window }));
  return { bytes, mime: 'image/jpeg' };
}
