import type { ChatMessage, Finding, ImageInfo, InspectResponse, InspectionPart, MaskPart } from '@/lib/contract';
import { createStore } from './create-store';

/** What the page knows of one image. */
export type KnownImage = {
  imageId: string;
  name: string;
  width: number;
  height: number;
  role: 'subject' | 'reference';
  /** The conversation it was seen in. */
  conversationId: string | null;
  inspection: InspectionPart | null;
  findings: Finding[];
  masks: MaskPart[];
  /** Of the set that it was judged in the normal image that is most like it. */
  nearestId?: string | null;
};

/** A region that was found: one row of the Problems panel. */
export type Problem = Finding & { imageId: string; imageName: string; label: string };

/** Images of the conversations open in this page, by id. */
export const imageStore = createStore<Record<string, KnownImage>>({});

const blank = (image: Pick<KnownImage, 'imageId' | 'name' | 'width' | 'height'>): KnownImage => ({
  role: 'subject',
  conversationId: null,
  inspection: null,
  findings: [],
  masks: [],
  ...image,
});

/** Remembers an image that was uploaded or opened. */
export function rememberImage(info: Pick<ImageInfo, 'id' | 'name' | 'width' | 'height'>): void {
  imageStore.set((images) =>
    images[info.id]
      ? images
      : { ...images, [info.id]: blank({ imageId: info.id, name: info.name, width: info.width, height: info.height }) },
  );
}

/** Remembers what an inspection without chat found. */
export function rememberInspection({ inspection, findings, masks }: InspectResponse): void {
  imageStore.set((images) => {
    const image = images[inspection.imageId];
    return image ? { ...images, [image.imageId]: { ...image, inspection, findings: findings.items, masks } } : images;
  });
}

/**
 * Reads images, inspections, findings and masks out of messages; later messages win. Renders nothing again if nothing
 * is new.
 */
export function rememberMessages(conversationId: string, messages: readonly ChatMessage[]): void {
  imageStore.set((images) => {
    const next = { ...images };
    const change = (imageId: string, part: Partial<KnownImage>) => {
      const image = next[imageId];
      if (image && Object.entries(part).some(([key, value]) => Reflect.get(image, key) !== value)) {
        next[imageId] = { ...image, ...part };
      }
    };
    for (const message of messages) {
      const masks = message.parts.flatMap((part) => (part.type === 'data-mask' ? [part.data] : []));
      for (const part of message.parts) {
        if (part.type === 'data-image') {
          next[part.data.imageId] ??= blank(part.data);
          change(part.data.imageId, { role: part.data.role, conversationId });
        } else if (part.type === 'data-inspection') {
          change(part.data.imageId, { inspection: part.data });
        } else if (part.type === 'data-sheet') {
          part.data.items.forEach((item) => change(item.imageId, { nearestId: item.nearestId ?? null }));
        } else if (part.type === 'data-findings') {
          change(part.data.imageId, { findings: part.data.items });
        }
      }
      for (const imageId of new Set(masks.map((mask) => mask.imageId))) {
        const own = masks.filter((mask) => mask.imageId === imageId);
        const known = next[imageId]?.masks ?? [];
        if (own.length !== known.length || own.some((mask, index) => mask.maskId !== known[index]?.maskId)) {
          change(imageId, { masks: own });
        }
      }
    }
    const same =
      Object.keys(next).length === Object.keys(images).length &&
      Object.keys(next).every((id) => next[id] === images[id]);
    return same ? images : next;
  });
}

/**
 * Every region found, by image and falling score. An inspection that no answer worded yet gives its regions as they
 * are.
 */
export function listProblems(images: Record<string, KnownImage>): Problem[] {
  return Object.values(images).flatMap((image) => {
    const label = image.masks[0]?.label ?? 'anomaly';
    const items: Finding[] =
      image.findings.length > 0 || !image.inspection
        ? image.findings
        : image.inspection.regions.map((region) => ({
            regionId: region.id,
            type: label,
            place: region.place,
            extentPercent: region.areaFraction * 100,
            areaPx: region.areaPx,
            bbox: region.bbox,
            severity: region.score < 0.3 ? 'minor' : region.score < 0.7 ? 'moderate' : 'severe',
            score: region.score,
          }));
    return [...items]
      .sort((a, b) => b.score - a.score)
      .map((item) => ({ ...item, label, imageId: image.imageId, imageName: image.name }));
  });
}
