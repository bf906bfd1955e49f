import type { ImagePart, StoredMessage } from '@/lib/contract';

/** A name as it is mentioned: `#` and the name with dashes for spaces. */
function mentionOf(name: string): string {
  return name.replace(/\s+/g, '-').toLowerCase();
}

/** The images of a message. */
export function imagesOf(message: StoredMessage): ImagePart[] {
  return message.parts.flatMap((part) => (part.type === 'data-image' ? [part.data] : []));
}

/**
 * The images that a text mentions: `#2` is the second image of the conversation, `#name` one by its name (the latest
 * with that name). Each once, in the order of the mentions.
 * @param images the conversation's images, oldest first
 */
export function mentionedImages(text: string, images: readonly ImagePart[]): ImagePart[] {
  const found = new Map<string, ImagePart>();
  for (const match of text.matchAll(/(?:^|\s)#(\S+)/g)) {
    const mention = (match[1] ?? '').toLowerCase();
    const bare = mention.replace(/[.,;:!?)]+$/, '');
    const image =
      images.findLast(({ name }) => [mention, bare].includes(mentionOf(name))) ??
      (/^\d{1,3}$/.test(bare) ? images[Number(bare) - 1] : undefined);
    if (image !== undefined) {
      found.set(image.imageId, image);
    }
  }
  return [...found.values()];
}
