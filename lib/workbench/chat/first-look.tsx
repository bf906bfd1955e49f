'use client';

import type { ChatMessage, GlancePart } from '@/lib/contract';
import { useStore } from '../state/create-store';
import { imageStore } from '../state/images';
import { viewerStore } from '../state/viewer';
import { MaskPicture } from './mask-picture';

/**
 * The map of the whole image while its tiles are still being looked at. The answer's own card takes its place as soon
 * as the inspection is there.
 */
export function FirstLook({ glance, answer }: { glance: GlancePart; answer: ChatMessage | null }) {
  const image = useStore(imageStore, (images) => images[glance.imageId] ?? null);
  const viewer = useStore(viewerStore, (settings) => settings);
  const isSeen = answer?.parts.some((part) => part.type === 'data-inspection' && part.data.imageId === glance.imageId);
  if (image === null || isSeen) {
    return null;
  }
  return (
    <figure
      data-first-look={glance.imageId}
      aria-label={`First look at ${image.name}`}
      className="my-2 overflow-hidden rounded-lg border border-line bg-app"
    >
      <MaskPicture image={{ ...image, masks: [] }} heatmapUrl={glance.heatmap} viewer={viewer} busy />
      <figcaption className="flex min-h-9.5 items-center gap-2 border-t border-line px-2 py-1.5 text-xs">
        <span className="min-w-0 truncate" title={image.name}>
          {image.name}
        </span>
        <span className="shrink-0 text-muted">first look, details follow</span>
      </figcaption>
    </figure>
  );
}
