import type { Finding } from '@/lib/contract';
import { openImage } from '../state/editors';
import { imageStore } from '../state/images';
import { revealRegion } from '../state/viewer';
import { FindingsTable } from './findings-table';

/** What was found, one row per region: type, place, extent, severity. A row opens the image at its region. */
export function FindingsCard({ imageId, items }: { imageId: string; items: readonly Finding[] }) {
  const show = (finding: Finding) => {
    openImage({ imageId, name: imageStore.get()[imageId]?.name ?? 'Image' });
    revealRegion(imageId, finding);
  };
  return items.length === 0 ? null : <FindingsTable items={items} onShow={show} />;
}
