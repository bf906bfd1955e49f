'use client';

import { useEffect, useState, type DragEvent } from 'react';
import { moveTab, moveTabBeside, openImage } from '../state/editors';
import { cn } from '../ui/cn';
import { draggedImage, draggedTab, IMAGE_DRAG, TAB_DRAG } from '../ui/drag';

/** The right third of an editor splits it. */
const SPLIT_FROM = 2 / 3;

/**
 * Takes tabs and Explorer images that are dropped on an editor: in its middle they open here, at its right edge in a
 * group beside.
 */
export function SplitDrop({ group }: { group: number }) {
  const [dragging, setDragging] = useState(false);
  const [side, setSide] = useState<'here' | 'beside' | null>(null);
  useEffect(() => {
    // The layer lies over the editor only while something is dragged, and never in the way of the pointer otherwise.
    const begin = (event: globalThis.DragEvent) => {
      const types = event.dataTransfer?.types ?? [];
      if (types.includes(TAB_DRAG) || types.includes(IMAGE_DRAG)) {
        setTimeout(() => setDragging(true));
      }
    };
    const end = () => {
      setDragging(false);
      setSide(null);
    };
    window.addEventListener('dragstart', begin);
    window.addEventListener('dragend', end);
    window.addEventListener('drop', end);
    return () => {
      window.removeEventListener('dragstart', begin);
      window.removeEventListener('dragend', end);
      window.removeEventListener('drop', end);
    };
  }, []);
  if (!dragging) {
    return null;
  }
  const sideOf = (event: DragEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return event.clientX - left > width * SPLIT_FROM ? 'beside' : 'here';
  };
  return (
    <div
      data-split-drop={group}
      className="absolute inset-0 z-10"
      onDragOver={(event) => {
        event.preventDefault();
        setSide(sideOf(event));
      }}
      onDragLeave={() => setSide(null)}
      onDrop={(event) => {
        event.preventDefault();
        const beside = sideOf(event) === 'beside';
        const tab = draggedTab(event.dataTransfer);
        const image = draggedImage(event.dataTransfer);
        if (tab && beside) {
          moveTabBeside(tab.id, tab.group);
        } else if (tab && tab.group !== group) {
          moveTab(tab.id, tab.group, group, null);
        } else if (image) {
          openImage(image, { beside });
        }
      }}
    >
      {side ? (
        <div
          className={cn(
            'pointer-events-none absolute inset-y-0 right-0 border-2 border-accent bg-accent-soft/50',
            side === 'beside' ? 'left-1/2' : 'left-0',
          )}
        />
      ) : null}
    </div>
  );
}
