import { sourceOf } from '@/lib/images/image-source';
import type { SegmentRequest, SegmentResponse } from '@/lib/datasets/contract';
import { findImage } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import { queueKey } from '@/lib/engine/rounds';
import { getEngine } from '@/lib/engine/worker/client';
import { AppError, notFound } from '@/lib/http/app-error';
import { compressCounts } from '@/lib/segmentation/rle';

/**
 * The region of an image that clicks point at, as the mask decoder sees it.
 * @throws AppError not_found; invalid_request for a click beside the image; EngineError as an inspection
 */
export async function segmentImageAt(
  who: Owner,
  imageId: string,
  { clicks }: SegmentRequest,
  signal: AbortSignal,
): Promise<SegmentResponse> {
  const image = await findImage(who, imageId);
  if (image === null) {
    throw notFound('image');
  }
  if (clicks.some(({ x, y }) => x >= image.width || y >= image.height)) {
    throw new AppError(
      'invalid_request',
      `The field clicks is wrong: the image has ${image.width} x ${image.height} px`,
    );
  }
  const started = performance.now();
  const source = await sourceOf(image);
  const { size, counts } = await getEngine().segment(
    { image: source, clicks },
    { key: queueKey(who.userId, 'segment'), signal },
  );
  return { mask: { size, counts: compressCounts(counts) }, ms: performance.now() - started };
}
