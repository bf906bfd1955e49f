import { z } from 'zod';
import type { EngineErrorCode } from '@/lib/engine/errors';
import { MAX_IMAGE_PIXELS } from '../decode';
import { IMAGE_MIMES } from '../sniff';
import type { MaskPicture } from '../mask-picture';

/** What the checker's process is asked: decode the file at `path` whole, as an image or as a mask. */
export type CheckRequest = { id: number; kind: 'image' | 'mask'; path: string };

// What comes from a process that reads strangers' files is itself untrusted.
const side = z.int().positive();
/** `orientation`: EXIF's, 1 to 8; width and height are those of the image as it is shown, after it. */
export const checkedImageSchema = z.object({
  width: side,
  height: side,
  mime: z.enum(IMAGE_MIMES),
  notes: z.array(z.string()),
  orientation: z.int().min(1).max(8).default(1),
});
export type CheckedImage = z.infer<typeof checkedImageSchema>;

/** `bits`: the mask's pixels, row by row, eight to a byte, the first in the lowest bit, in base64. */
export const packedMaskSchema = z.object({ width: side, height: side, bits: z.string() });
export type PackedMask = z.infer<typeof packedMaskSchema>;

export type CheckResponse =
  | ({ id: number; ok: true } & (CheckedImage | PackedMask))
  | { id: number; ok: false; code: EngineErrorCode; message: string };

export function packMask({ width, height, data }: MaskPicture): PackedMask {
  const bits = Buffer.alloc(Math.ceil(data.length / 8));
  for (let i = 0; i < data.length; i += 1) {
    const at = i >> 3;
    bits[at] = (bits[at] ?? 0) | ((data[i] ?? 0) << (i & 7));
  }
  return { width, height, bits: bits.toString('base64') };
}

/** @throws RangeError when there are fewer or more pixels than the size says */
export function unpackMask({ width, height, bits }: PackedMask): MaskPicture {
  const bytes = Buffer.from(bits, 'base64');
  if (width * height > MAX_IMAGE_PIXELS || bytes.length !== Math.ceil((width * height) / 8)) {
    throw new RangeError(`A mask of ${width} x ${height} px does not have ${bytes.length} bytes.`);
  }
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i += 1) {
    data[i] = ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1;
  }
  return { width, height, data };
}

/** Exit code of a process that found itself above its memory limit. */
export const OUT_OF_MEMORY_EXIT = 86;
