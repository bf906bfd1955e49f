import { useMemo } from 'react';
import type { ChatMessage } from '@/lib/contract';
import { useStore } from '../state/create-store';
import { imageStore } from '../state/images';

/** Images that an answer speaks of, with this answer's own inspection and masks. */
export function useAnswerImages(message: ChatMessage) {
  const parts = message.parts;
  const ids = useMemo(
    () => [
      ...new Set(
        parts.flatMap((part) =>
          part.type === 'data-inspection' || part.type === 'data-mask' ? [part.data.imageId] : [],
        ),
      ),
    ],
    [parts],
  );
  const known = useStore(imageStore, (images) => ids.map((id) => images[id] ?? null));
  return useMemo(
    () =>
      known.flatMap((image) => {
        if (!image) {
          return [];
        }
        const inspection = parts.find((part) => part.type === 'data-inspection' && part.data.imageId === image.imageId);
        return [
          {
            image: inspection?.type === 'data-inspection' ? { ...image, inspection: inspection.data } : image,
            inspection: inspection?.type === 'data-inspection' ? inspection.data : null,
            masks: parts.flatMap((part) =>
              part.type === 'data-mask' && part.data.imageId === image.imageId ? [part.data] : [],
            ),
          },
        ];
      }),
    [known, parts],
  );
}
