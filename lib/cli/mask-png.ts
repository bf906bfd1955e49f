import { union } from '@/lib/segmentation/morphology';
import { type Rle, decodeRle } from '@/lib/segmentation/rle';

/** Masks of one image, together, as a grey PNG: 255 where something was marked. */
export async function maskPng(masks: readonly Rle[]): Promise<Buffer | undefined> {
  const [first, ...others] = masks.map(decodeRle);
  if (first === undefined) {
    return undefined;
  }
  const { width, height, data } = others.reduce(union, first);
  // Loaded here, so that commands without a mask start faster.
  const { default: sharp } = await import('sharp');
  return sharp(
    data.map((value) => value * 255),
    { raw: { width, height, channels: 1 } },
  )
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
