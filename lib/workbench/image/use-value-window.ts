import { useCallback, useEffect, useRef } from 'react';
import useSWR from 'swr';
import type { ImageValues, ValueWindow } from '@/lib/contract';
import { api } from '../client/api';
import { useStore } from '../state/create-store';
import { showWindow, valueWindowStore } from '../state/value-windows';
import { notify } from '../ui/notify';

/** How long a value must rest before the picture is drawn by it, and before it is kept, in ms. */
const DRAW_AFTER = 120;
const KEEP_AFTER = 600;

type Values = NonNullable<ImageValues['values']>;
export type ValueWindowControl = {
  values: Values;
  /** What is shown now: what was chosen, or what was found. */
  window: ValueWindow;
  chosen: boolean;
  /** Shows these values, and keeps them for everybody once they rest; null: those that are found. */
  choose: (window: ValueWindow | null) => void;
};

/** What the file of an image holds beyond the picture: its pages, and of a deep one the window on its values. */
export function useImageValues(imageId: string): { pages: number; control: ValueWindowControl | null } {
  const { data, mutate } = useSWR(['image-values', imageId], () => api.imageValues(imageId), {
    revalidateOnFocus: false,
  });
  const tried = useStore(valueWindowStore, (all) => all[imageId] ?? null);
  const timers = useRef<{ draw?: number; keep?: number }>({});
  // What is being changed is kept, even when the picture is closed meanwhile.
  const keep = useRef<(() => void) | null>(null);
  useEffect(() => () => keep.current?.(), []);

  const choose = useCallback(
    (window: ValueWindow | null) => {
      const found = data?.values?.found;
      if (data === undefined || found === undefined) {
        return;
      }
      void mutate({ ...data, window }, { revalidate: false });
      clearTimeout(timers.current.draw);
      clearTimeout(timers.current.keep);
      timers.current.draw = setTimeout(() => showWindow(imageId, window ?? found), DRAW_AFTER) as unknown as number;
      keep.current = () => {
        clearTimeout(timers.current.keep);
        keep.current = null;
        api.changeImage(imageId, { window }).catch((error: unknown) => {
          notify.error(error instanceof Error ? error.message : String(error));
          void mutate();
        });
      };
      timers.current.keep = setTimeout(() => keep.current?.(), KEEP_AFTER) as unknown as number;
    },
    [data, imageId, mutate],
  );

  const values = data?.values ?? null;
  const window = data?.window ?? null;
  return {
    pages: data?.pages ?? 1,
    control:
      values === null ? null : { values, window: window ?? tried ?? values.found, chosen: window !== null, choose },
  };
}
