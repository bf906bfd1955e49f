import type { SheetItem, SheetPart } from '@/lib/contract';
import { api, ApiError, imageUrl } from '../client/api';
import { useStore } from '../state/create-store';
import { openImage } from '../state/editors';
import { imageStore, rememberInspection } from '../state/images';
import { notify } from '../ui/notify';
import { ContactSheet } from './contact-sheet';

/** Opens an image of a sheet in the editor, as it was judged there. */
async function open({ imageId, inspectionId }: SheetItem, name: string): Promise<void> {
  openImage({ imageId, name });
  try {
    rememberInspection(await api.inspection(inspectionId));
  } catch (error) {
    notify.error(error instanceof ApiError ? error.message : String(error));
  }
}

/** The contact sheet of an answer: a click on an image opens it in the editor. */
export default function SheetCard({ part }: { part: SheetPart }) {
  const names = useStore(imageStore, (images) => part.items.map(({ imageId }) => images[imageId]?.name ?? 'Image'));
  const known = new Map(part.items.map(({ imageId }, index) => [imageId, names[index] ?? 'Image']));
  const nameOf = (imageId: string) => known.get(imageId) ?? imageStore.get()[imageId]?.name ?? 'Image';
  return (
    <ContactSheet
      part={part}
      nameOf={nameOf}
      picture={(imageId) => imageUrl(imageId, 160)}
      tile={(item, props, content) => (
        <button type="button" {...props} onClick={() => void open(item, nameOf(item.imageId))}>
          {content}
        </button>
      )}
    />
  );
}
