import useSWRInfinite from 'swr/infinite';
import type { ImageList, ListedImage } from '@/lib/contract';
import { createStore, useStore } from '../state/create-store';
import { api, ApiError } from './api';

/** Counts the changes to the stored images, so that every shown list is read again. */
const changes = createStore(0);

/** Says that an image came or was inspected. */
export function refreshImages(): void {
  changes.set((count) => count + 1);
}

type Key = readonly ['images', string, number, string | null];

/** The stored images whose name has all words of `query` (null: none are asked for), the newest first, page by page. */
export function useImages(query: string | null): {
  images: readonly ListedImage[];
  loading: boolean;
  error: string | null;
  more: boolean;
  loadMore: () => void;
} {
  const version = useStore(changes, (count) => count);
  const { data, error, isLoading, isValidating, size, setSize } = useSWRInfinite<ImageList, Error>(
    (index: number, previous: ImageList | null): Key | null =>
      query === null || (index > 0 && !previous?.nextCursor)
        ? null
        : ['images', query, version, previous?.nextCursor ?? null],
    ([, q, , cursor]: Key) => api.images(q, cursor ?? undefined),
    { keepPreviousData: true, persistSize: true, revalidateFirstPage: false, errorRetryInterval: 3000 },
  );
  const pages = query === null ? [] : (data ?? []);
  return {
    images: pages.flatMap(({ images }) => images),
    loading: isLoading,
    error: error instanceof ApiError ? error.message : null,
    more: pages.length > 0 && pages.at(-1)?.nextCursor !== null,
    loadMore: () => {
      if (!isValidating) {
        void setSize(size + 1);
      }
    },
  };
}
