import { notify } from '../ui/notify';
import { union } from '@/lib/segmentation/morphology';
import { decodeRle } from '@/lib/segmentation/rle';
import { openItemOf } from './item-store';

/** Replaces the mask by the union of the model's regions. */
export function takeModelMask(itemId: string): void {
  const open = openItemOf(itemId);
  const seen = open?.model && !('error' in open.model) ? open.model : null;
  const [first, ...rest] = (seen?.masks ?? []).map(({ rle }) => decodeRle(rle));
  if (!open || !first) {
    notify.info(seen ? 'The model marks nothing in this image.' : 'The model has not looked at this image yet.');
    return;
  }
  open.document.apply(rest.reduce(union, first), 'replace');
}
