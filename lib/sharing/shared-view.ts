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
  StoredPart,
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

/** Adds what the shared page shows of one part. The compiler names the parts that lack a case. */
function addPart(shown: SharedMessage, part: StoredPart, images: ExportedConversation['images']): void {
  switch (part.type) {
    case 'data-image':
      if (images.has(part.data.imageId)) {
        const { imageId, name, role } = part.data;
        shown.attachments.push({ imageId, name, isReference: role === 'reference' });
      }
      break;
    case 'data-notice':
      shown.notices.push(part.data);
      break;
    case 'data-findings':
      shown.findings.push(...part.data.items);
      break;
    case 'data-sheet':
      shown.sheets.push(toSharedSheet(part.data, images));
      break;
    case 'data-dataset':
      shown.datasets.push(part.data);
      break;
    case 'data-checklist':
      shown.checklists.push(part.data);
      break;
    case 'data-sources':
      shown.sources.push(...part.data);
      break;
    // In `text` and `pictures`.
    case 'text':
    case 'data-inspection':
    case 'data-mask':
      break;
    // Who wrote and how fast, and what to ask next, are not the reader's.
    case 'data-engine':
    case 'data-timings':
    case 'data-followups':
      break;
  }
}

/** What the shared page shows of a message. */
export function toSharedMessage(message: StoredMessage, images: ExportedConversation['images']): SharedMessage {
  const { id, role, parts, metadata } = message;
  const shown: SharedMessage = {
    ...{ id, role, text: textOf(parts) },
    attachments: [],
    pictures: shownImages(message).flatMap((picture) => toPicture(message, picture, images)),
    notices: [],
    findings: [],
    sheets: [],
    datasets: [],
    checklists: [],
    sources: [],
    note: metadata.state === 'failed' && metadata.error ? metadata.error.message : (NOTES[metadata.state] ?? null),
  };
  parts.forEach((part) => addPart(shown, part, images));
  return shown;
}
