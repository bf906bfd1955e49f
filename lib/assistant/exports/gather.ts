import { describeBasis } from '@/lib/contract/verdict';
import type { InspectionPart, MaskPart, StoredMessage, StoredPart } from '@/lib/contract';
import { branchTo, newestLeaf } from '@/lib/assistant/conversations/branch';
import { readConversation } from '@/lib/assistant/conversations/read-conversation';
import { findImages, type ImageRow } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import { AppError } from '@/lib/http/app-error';

/** One branch of a conversation, with what its parts refer to. */
export type ExportedConversation = {
  id: string;
  title: string;
  exportedAt: Date;
  /** Bundles that wrote the answers, in order of appearance. */
  bundles: string[];
  messages: StoredMessage[];
  images: Map<string, ImageRow>;
};

/** The images that a part refers to. */
export function imageIdsOf(part: StoredPart): string[] {
  switch (part.type) {
    case 'data-image':
    case 'data-mask':
    case 'data-inspection':
    case 'data-findings':
    case 'data-notice':
      return [part.data.imageId];
    case 'data-sheet':
      return [...part.data.items, ...part.data.failed].map(({ imageId }) => imageId);
    case 'data-sources':
      return part.data.flatMap((source) => (source.kind === 'image' ? [source.id] : []));
    case 'text':
    case 'data-dataset':
    case 'data-checklist':
    case 'data-followups':
    case 'data-engine':
    case 'data-timings':
      return [];
  }
}

/**
 * The branch that ends with `leaf`, by default the one that is shown. A running answer is not part of it.
 * @throws AppError not_found
 */
export async function gatherExport(owner: Owner, id: string, leaf?: string): Promise<ExportedConversation> {
  const conversation = await readConversation(owner, id);
  const nodes = conversation.messages.map((message) => ({
    id: message.id,
    parentId: message.metadata.parentId,
    message,
  }));
  const running = conversation.running;
  const shown = running !== null && conversation.leafId === running.messageId ? running.parentId : conversation.leafId;
  const first = nodes[0];
  const end = leaf ?? shown ?? (first === undefined ? null : newestLeaf(nodes, first.id));
  const branch = branchTo(nodes, end).map(({ message }) => message);
  if (branch.length === 0 && end !== null) {
    throw new AppError('not_found', 'There is no such message in this conversation');
  }
  const ids = new Set(branch.flatMap(({ parts }) => parts.flatMap(imageIdsOf)));
  const images = new Map((await findImages(owner, [...ids])).map((image) => [image.id, image]));
  const bundles = [...new Set(branch.flatMap(({ metadata }) => metadata.bundle ?? []))];
  return { id, title: conversation.title, exportedAt: new Date(), bundles, messages: branch, images };
}

export function masksOf(message: StoredMessage, imageId: string): MaskPart[] {
  return message.parts.flatMap((part) =>
    part.type === 'data-mask' && part.data.imageId === imageId ? [part.data] : [],
  );
}

/** The images that an answer shows: those that it inspected or masked. */
export function shownImages(message: StoredMessage): { imageId: string; inspection: InspectionPart | undefined }[] {
  const inspections = new Map<string, InspectionPart | undefined>();
  for (const part of message.parts) {
    if (part.type === 'data-inspection') {
      inspections.set(part.data.imageId, part.data);
    } else if (part.type === 'data-mask' && !inspections.has(part.data.imageId)) {
      inspections.set(part.data.imageId, undefined);
    }
  }
  return [...inspections].map(([imageId, inspection]) => ({ imageId, inspection }));
}

/** Score and verdict in words, with what the verdict rests on and how the file was read. */
export function describeScore(inspection: InspectionPart): string {
  const { score, bucket, verdict, probability, foreignness, basis, notes = [] } = inspection;
  const foreign = foreignness === null ? '' : `, foreignness ${foreignness.toFixed(2)}`;
  const means = `verdict ${verdict}, probability ${probability.toFixed(2)}, from ${describeBasis(basis)}${foreign}`;
  return [`Anomaly score ${score.toFixed(2)} (${bucket} suspicious): ${means}`, ...notes].join('. ');
}
