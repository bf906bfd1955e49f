import sharp from 'sharp';
import type { Rle } from '@/lib/contract';
import type { MaskRow } from '@/lib/database/masks';
import { decodeRle, rleArea } from '@/lib/segmentation/rle';

/** A mask as an 8-bit grey PNG of the image's size: 255 on the defect, 0 elsewhere. */
export async function maskPng(rle: Rle): Promise<Buffer> {
  const { width, height, data } = decodeRle(rle);
  const grey = data.map((value) => value * 255);
  return sharp(grey, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** A mask as a COCO data set of one image with one annotation (run lengths, `iscrowd` 1 as COCO wants for them). */
export function maskCoco(mask: MaskRow) {
  const rle = mask.rle as Rle;
  const { name, width, height } = mask.image;
  return {
    info: {
      description: 'LookTwice',
      mask_id: mask.id,
      source: mask.source,
      date_created: mask.createdAt.toISOString(),
    },
    images: [{ id: 1, file_name: name, width, height }],
    categories: [{ id: 1, name: mask.label, supercategory: 'defect' }],
    annotations: [
      {
        id: 1,
        image_id: 1,
        category_id: 1,
        segmentation: rle,
        bbox: mask.bbox,
        area: rleArea(rle),
        iscrowd: 1,
        score: mask.score,
      },
    ],
  };
}
