import type { ExportedConversation } from './gather';

/** The branch as data: messages with all their parts (masks as COCO run lengths) and what is known of the images. */
export function toJson(exported: ExportedConversation): string {
  const { id, title, exportedAt, bundles, messages, images } = exported;
  const document = {
    format: 'looktwice-conversation',
    version: 1,
    id,
    title,
    exportedAt: exportedAt.toISOString(),
    bundles,
    images: [...images.values()].map(({ id: imageId, sha256, name, mime, width, height, bytes }) => ({
      id: imageId,
      sha256,
      name,
      mime,
      width,
      height,
      bytes,
    })),
    messages,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
