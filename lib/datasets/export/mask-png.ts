import sharp from 'sharp';
import { decodeRle, type Rle } from '@/lib/segmentation/rle';

/** A mask as greyscale PNG, 255 where it is set. The same mask gives the same bytes. */
export async function maskPng(rle: Rle): Promise<Uint8Array> {
  const { width, height, data } = decodeRle(rle);
  return sharp(
    data.map((value) => value * 255),
    { raw: { width, height, channels: 1 } },
  )
    .toColourspace('b-w')
    .png({ compressionLevel: 6, adaptiveFiltering: false })
    .toBuffer();
}
