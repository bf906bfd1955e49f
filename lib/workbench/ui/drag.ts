import * as z from 'zod/mini';

/** Drag data of an editor tab: `group index, space, tab id`. */
export const TAB_DRAG = 'application/x-looktwice-tab';
/** Drag data of a stored image: JSON of `{ imageId, name }`. */
export const IMAGE_DRAG = 'application/x-looktwice-image';

const imageSchema = z.object({ imageId: z.string(), name: z.string() });

/** The tab that is being dropped, if it is one. */
export function draggedTab(data: Pick<DataTransfer, 'getData'>): { group: number; id: string } | null {
  const match = /^(\d) (.+)$/.exec(data.getData(TAB_DRAG));
  return match ? { group: Number(match[1]), id: match[2] ?? '' } : null;
}

/** The stored image that is being dropped, if it is one. */
export function draggedImage(data: Pick<DataTransfer, 'getData'>): { imageId: string; name: string } | null {
  const text = data.getData(IMAGE_DRAG);
  if (!text) {
    return null;
  }
  try {
    return z.parse(imageSchema, JSON.parse(text));
  } catch {
    return null;
  }
}
