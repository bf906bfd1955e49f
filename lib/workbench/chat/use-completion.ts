import { useMemo, useState, type KeyboardEvent } from 'react';
import { commands } from '@/lib/contract/commands';
import type { ListedImage } from '@/lib/contract';
import { useImages } from '../client/use-images';
import { useStore } from '../state/create-store';
import { imageStore } from '../state/images';
import { completionAt, type Completing } from './completion-at';

export type CompletionOption = {
  id: string;
  label: string;
  detail: string;
  /** The image that is mentioned; null for a command. */
  image: Pick<ListedImage, 'id' | 'name' | 'width' | 'height'> | null;
  insert: string;
};

/** Completion of `/commands` and `#images` in the composer, driven by the arrow keys, Enter, Tab and Escape. */
export function useCompletion(text: string, caret: number, choose: (option: CompletionOption, at: Completing) => void) {
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const completing = useMemo(() => completionAt(text, caret), [text, caret]);
  const known = useStore(imageStore, (all) => all);
  const { images } = useImages(completing?.kind === 'image' ? completing.query : null);
  const options = useMemo((): CompletionOption[] => {
    if (!completing || dismissed === text) {
      return [];
    }
    const query = completing.query.toLowerCase();
    if (completing.kind === 'slash') {
      return commands
        .filter(({ name }) => name.startsWith(query))
        .map(({ name, title }) => ({ id: name, label: `/${name}`, detail: title, image: null, insert: `/${name} ` }));
    }
    // What the page knows is there at once; the other stored images follow when the server has named them.
    const listed = images.map(({ id: imageId, ...image }) => ({ imageId, ...image }));
    const candidates = [...Object.values(known), ...listed.filter(({ imageId }) => !known[imageId])];
    return candidates
      .filter(({ name }) => name.toLowerCase().includes(query))
      .slice(0, 8)
      .map(({ imageId, name, width, height, inspection }) => ({
        id: imageId,
        label: `#${name}`,
        detail: `${width} × ${height}${inspection ? `, score ${inspection.score.toFixed(2)}` : ''}`,
        image: { id: imageId, name, width, height },
        insert: `#${name.replace(/\s+/g, '-')} `,
      }));
  }, [completing, images, known, dismissed, text]);

  const index = Math.min(active, Math.max(0, options.length - 1));
  const pick = (option: CompletionOption | undefined) => {
    if (option && completing) {
      setActive(0);
      choose(option, completing);
    }
  };

  /** Whether the key was for the list. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (options.length === 0) {
      return false;
    }
    // A command that is written out is complete: Enter sends it.
    if (event.key === 'Enter' && options[index]?.label === text.trim()) {
      return false;
    }
    switch (event.key) {
      case 'ArrowDown':
        setActive((index + 1) % options.length);
        break;
      case 'ArrowUp':
        setActive((index + options.length - 1) % options.length);
        break;
      case 'Tab':
      case 'Enter':
        pick(options[index]);
        break;
      case 'Escape':
        setDismissed(text);
        break;
      default:
        return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { options, index, pick, onKeyDown };
}
