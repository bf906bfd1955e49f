import type {
  Bucket,
  ChecklistPart,
  DatasetPart,
  Finding,
  InspectionPart,
  Judgement,
  NoticePart,
  SheetPart,
  Source,
  StoredMessage,
} from '@/lib/contract';
import { textOf } from '@/lib/assistant/conversations/stored-message';
import { masksOf, shownImages, type ExportedConversation } from '@/lib/assistant/exports/gather';
import { describeMask } from '@/lib/segmentation/mask-words';
import { maskOutline, type MaskOutline } from '@/lib/segmentation/mask-outline';

/** An image of an answer as the shared page draws it. `marks` are the findings' numbers, in fractions of the image. */
export type SharedPicture = {
  imageId: string;
  name: string;
  width: number;
  height: number;
  inspection: (Judgement & { score: number; bucket: Bucket }) | null;
  outline: MaskOutline | null;
  marks: { number: number; label: string; x: number; y: number }[];
  /** The picture in words. */
  description: string;
};

/** A contact sheet with the names of its images. */
export type SharedSheet = SheetPart & { names: Record<string, string> };

export type SharedMessage = {
  id: string;
  role: 'user' | 'assistant';
  text: string;
  attachments: { imageId: string; name: string; isReference: boolean }[];
  pictures: SharedPicture[];
  notices: NoticePart[];
  findings: Finding[];
  sheets: SharedSheet[];
  datasets: DatasetPart[];
  checklists: ChecklistPart[];
  sources: Source[];
  /** Said below an answer that is not whole. */
  note: string | null;
};

const NOTES: Partial<Record<StoredMessage['metadata']['state'], string>> = {
  stopped: 'This answer was stopped before its end.',
  interrupted: 'This answer was interrupted before its end.',
  failed: 'This answer failed.',
};

/** What a badge shows. */
function shownOf({ score, bucket, verdict, probability, foreignness, basis }: InspectionPart) {
  return { score, bucket, verdict, probability, foreignness, basis };
}

function toPicture(
  message: StoredMessage,
  { imageId, inspection }: ReturnType<typeof shownImages>[number],
  images: ExportedConversation['images'],
): SharedPicture[] {
  const image = images.get(imageId);
  if (image === undefined) {
    return [];
  }
  const { name, width, height } = image;
  const findings = message.parts.flatMap((part) =>
    part.type === 'data-findings' && part.data.imageId === imageId ? part.data.items : [],
  );
  return [
    {
      ...{ imageId, name, width, height },
      inspection: inspection === undefined ? null : shownOf(inspection),
      outline: maskOutline(masksOf(message, imageId)),
      marks: findings.map(({ bbox: [x, y], type }, index) => ({
        ...{ number: index + 1, label: type, x: x / width, y: y / height },
      })),
      description: describeMask({ name, width, height, inspection: inspection ?? null }, findings),
    },
  ];
}

/** What of a sheet a link shows: the images that it may show. */
function toSharedSheet(part: SheetPart, images: ExportedConversation['images']): SharedSheet {
  const isShown = ({ imageId }: { imageId: string }) => images.has(imageId);
  const names = Object.fromEntries([...images].map(([id, { name }]) => [id, name]));
  return { ...part, items: part.items.filter(isShown), failed: part.failed.filter(isShown), names };
}

/** What the shared page shows of a message. */
export function toSharedMessage(message: StoredMessage, images: ExportedConversation['images']): SharedMessage {
  const { id, role, parts, metadata } = message;
  return {
    ...{ id, role, text: textOf(parts) },
    attachments: parts.flatMap((part) =>
      part.type === 'data-image' && images.has(part.data.imageId)
        ? [{ imageId: part.data.imageId, name: part.data.name, isReference: part.data.role === 'reference' }]
        : [],
    ),
    pictures: shownImages(message).flatMap((shown) => toPicture(message, shown, images)),
    notices: parts.flatMap((part) => (part.type === 'data-notice' ? [part.data] : [])),
    findings: parts.flatMap((part) => (part.type === 'data-findings' ? part.data.items : [])),
    sheets: parts.flatMap((part) => (part.type === 'data-sheet' ? [toSharedSheet(part.data, images)] : [])),
    datasets: parts.flatMap((part) => (part.type === 'data-dataset' ? [part.data] : [])),
    checklists: parts.flatMap((part) => (part.type === 'data-checklist' ? [part.data] : [])),
    sources: parts.flatMap((part) => (part.type === 'data-sources' ? part.data : [])),
    note: metadata.state === 'failed' && metadata.error ? metadata.error.message : (NOTES[metadata.state] ?? null),
  };
}
