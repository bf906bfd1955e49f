import { useEffect, useState } from 'react';
import { api, ApiError } from '../client/api';
import { useStore } from '../state/create-store';
import { imageStore, rememberImage, type KnownImage } from '../state/images';

/** An image by id; fetched when this page has not seen it yet (a restored tab). */
export function useKnownImage(imageId: string): { image: KnownImage | null; error: string | null; retry: () => void } {
  const image = useStore(imageStore, (images) => images[imageId] ?? null);
  const [error, setError] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const known = image !== null;
  useEffect(() => {
    if (known) {
      return;
    }
    let wanted = true;
    api.image(imageId).then(rememberImage, (reason: unknown) => {
      if (wanted) {
        setError(reason instanceof ApiError ? reason.message : String(reason));
      }
    });
    return () => {
      wanted = false;
    };
  }, [imageId, known, attempt]);
  return {
    image,
    error: known ? null : error,
    retry: () => {
      setError(null);
      setAttempt((count) => count + 1);
    },
  };
}
