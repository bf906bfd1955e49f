import sharp from 'sharp';
import type { DecodedImage } from '@/lib/vision/decode';
import { loadImage } from './load-image';
import type { PictureRequest, Pictures } from './operations';

const QUALITY = 88;
/** What is shown around a region, as a share of its own size, so that its surroundings are seen. */
const MARGIN = 0.35;
/** A region is enlarged at most so much: beyond, there are only blurred pixels. */
const MAX_ENLARGEMENT = 6;

const open = ({ pixels, width, height }: DecodedImage) => sharp(pixels, { raw: { width, height, channels: 3 } });

/** A size with the longer side at most `side`. */
function within(width: number, height: number, side: number): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Draws pictures of an image for a model elsewhere, as JPEG without any metadata of the file: the whole, reduced, and
 * boxes of it enlarged.
 * @throws EngineError as reading an image
 */
export async function drawPictures({ image, side, boxes = [], boxSide = side }: PictureRequest): Promise<Pictures> {
  const decoded = await loadImage(image);
  const size = within(decoded.width, decoded.height, side);
  const whole = await open(decoded).resize(size.width, size.height).jpeg({ quality: QUALITY }).toBuffer();
  const crops: Uint8Array[] = [];
  for (const [x, y, width, height] of boxes) {
    const margin = MARGIN * Math.max(width, height);
    const left = Math.max(0, Math.floor(x - margin));
    const top = Math.max(0, Math.floor(y - margin));
    const right = Math.min(decoded.width, Math.ceil(x + width + margin));
    const bottom = Math.min(decoded.height, Math.ceil(y + height + margin));
    const [cropWidth, cropHeight] = [Math.max(1, right - left), Math.max(1, bottom - top)];
    const scale = Math.min(MAX_ENLARGEMENT, boxSide / Math.max(cropWidth, cropHeight));
    const crop = await open(decoded)
      .extract({ left, top, width: cropWidth, height: cropHeight })
      .resize(Math.max(1, Math.round(cropWidth * scale)), Math.max(1, Math.round(cropHeight * scale)))
      .jpeg({ quality: QUALITY })
      .toBuffer();
    crops.push(crop);
  }
  return { whole, ...size, crops };
}
