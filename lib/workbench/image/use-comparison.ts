import { useCallback, useEffect, useState } from 'react';
import { useStore } from '../state/create-store';
import { imageStore, type KnownImage } from '../state/images';
import { notify } from '../ui/notify';

/**
 * How an image is compared with its reference: a divider between the two, one beside the other, in turns, or what
 * differs.
 */
export type CompareView = 'divider' | 'beside' | 'blink' | 'difference';
export const COMPARE_VIEWS = ['divider', 'beside', 'blink', 'difference'] as const satisfies readonly CompareView[];

/** How long each of the two is shown in turns, ms: slow enough for everybody (WCAG 2.3.1). */
const BLINK_MS = 700;

export type Comparison = {
  compared: KnownImage | null;
  view: CompareView;
  /** In turns: the reference is shown now. */
  flipped: boolean;
  compareWith: (imageId: string | null) => void;
  setView: (view: CompareView) => void;
  /** Begins with the reference that suggests itself, or ends. */
  toggle: () => void;
  /** Goes to the next view; begins where nothing is compared. */
  nextView: () => void;
};

/**
 * The reference that suggests itself: of its set the normal image that is most like it, else one that was attached as a
 * reference, else any other.
 */
function suggestReference(image: KnownImage, all: Record<string, KnownImage>): KnownImage | undefined {
  const others = Object.values(all).filter(({ imageId }) => imageId !== image.imageId);
  return (
    others.find(({ imageId }) => imageId === image.nearestId) ??
    others.find(({ role }) => role === 'reference') ??
    others[0]
  );
}

/** What an image is compared with in its editor, and how. */
export function useComparison(image: KnownImage): Comparison {
  const [compareId, compareWith] = useState<string | null>(null);
  const [view, setView] = useState<CompareView>('divider');
  const [flipped, setFlipped] = useState(false);
  const compared = useStore(imageStore, (images) => (compareId ? (images[compareId] ?? null) : null));
  const isBlinking = compared !== null && view === 'blink';

  useEffect(() => {
    if (!isBlinking) {
      return;
    }
    const timer = setInterval(() => setFlipped((now) => !now), BLINK_MS);
    return () => {
      clearInterval(timer);
      setFlipped(false);
    };
  }, [isBlinking]);

  const begin = useCallback(() => {
    const other = suggestReference(image, imageStore.get());
    if (!other) {
      notify.info('There is no other image to compare with yet. Attach a normal reference to a message first.');
    }
    compareWith(other?.imageId ?? null);
  }, [image]);
  const toggle = useCallback(() => (compareId ? compareWith(null) : begin()), [compareId, begin]);
  const nextView = useCallback(() => {
    if (compareId) {
      setView((now) => COMPARE_VIEWS[(COMPARE_VIEWS.indexOf(now) + 1) % COMPARE_VIEWS.length] ?? 'divider');
    } else {
      begin();
    }
  }, [compareId, begin]);
  return { compared, view, flipped, compareWith, setView, toggle, nextView };
}
