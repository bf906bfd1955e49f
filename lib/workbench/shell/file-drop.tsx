'use client';

import { ImageDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { startConversation } from '../chat/conversation-actions';
import { addFiles, attachKnown } from '../chat/drafts';
import { layoutStore, showPane } from '../state/layout';
import { draggedImage, IMAGE_DRAG } from '../ui/drag';
import { notify } from '../ui/notify';
import { addToExplorer } from './add-to-explorer';
import { droppedFiles } from './dropped-files';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
/** An image of the Explorer over the chat; over an editor it is opened (`split-drop.tsx`). */
const hasImage = (event: DragEvent) =>
  event.dataTransfer?.types.includes(IMAGE_DRAG) === true &&
  event.target instanceof Element &&
  event.target.closest('[data-part=chat]') !== null;

async function take(dropped: Promise<File[]>, target: 'chat' | 'explorer'): Promise<void> {
  let files: File[];
  try {
    files = await dropped;
  } catch {
    notify.error('The folder could not be read. Drop its images instead.');
    return;
  }
  if (files.length === 0) {
    notify.warning('There are no images in what was dropped.');
  } else if (target === 'explorer') {
    await addToExplorer(files);
  } else {
    const id = layoutStore.get().conversationId ?? startConversation();
    showPane('chat');
    addFiles(id, files);
  }
}

/**
 * Files and folders may be dropped anywhere: on the side bar they go to the Explorer, elsewhere into the message being
 * written. Images of the Explorer that are dropped on the chat are attached.
 */
export function FileDrop() {
  const [over, setOver] = useState<'chat' | 'explorer' | null>(null);
  useEffect(() => {
    const targetOf = (event: DragEvent) =>
      event.target instanceof Element && event.target.closest('[data-part=side]') ? 'explorer' : 'chat';
    const onDragOver = (event: DragEvent) => {
      if (hasFiles(event) || hasImage(event)) {
        event.preventDefault();
        setOver(targetOf(event));
      } else {
        setOver(null);
      }
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) {
        setOver(null);
      }
    };
    const onDrop = (event: DragEvent) => {
      const image = event.dataTransfer && hasImage(event) ? draggedImage(event.dataTransfer) : null;
      if (image) {
        event.preventDefault();
        setOver(null);
        attachKnown(layoutStore.get().conversationId ?? startConversation(), image);
        return;
      }
      if (!hasFiles(event)) {
        return;
      }
      event.preventDefault();
      setOver(null);
      if (event.dataTransfer) {
        void take(droppedFiles(event.dataTransfer), targetOf(event));
      }
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  return over ? (
    <div className="pointer-events-none fixed inset-2 z-50 grid place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/60">
      <p className="flex items-center gap-2 rounded-lg bg-raised px-4 py-2.5 font-medium text-strong shadow-(--shadow)">
        <ImageDown className="size-5 text-accent" aria-hidden />
        {over === 'explorer' ? 'Drop to add to the Explorer' : 'Drop to attach to the message'}
      </p>
    </div>
  ) : null;
}
