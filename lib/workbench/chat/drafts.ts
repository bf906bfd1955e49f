import { notify } from '../ui/notify';
import * as z from 'zod/mini';
import type { ImageInfo } from '@/lib/contract';
import { limits } from '@/lib/contract/limits';
import { idPattern } from '@/lib/contract/new-id';
import { api, ApiError } from '../client/api';
import { refreshImages } from '../client/use-images';
import { createStore } from '../state/create-store';
import { rememberImage } from '../state/images';

export type ImageRole = 'subject' | 'reference';

/** An image on its way into a message. */
export type Attachment = {
  key: string;
  name: string;
  role: ImageRole;
  state:
    | { kind: 'uploading' }
    | { kind: 'failed'; message: string; file: File }
    | { kind: 'ready'; imageId: string; stack?: Stack };
};

/** The TIFF stack that an attachment is a page of, from 1. */
export type Stack = { imageId: string; pages: number; page: number };

/** What is written and attached but not sent yet. */
export type Draft = { text: string; attachments: Attachment[] };

const EMPTY: Draft = { text: '', attachments: [] };
const STORAGE_KEY = 'looktwice.drafts.1';
const UPLOADS_AT_ONCE = 2;

const savedSchema = z.record(
  z.string(),
  z.object({
    text: z.string(),
    attachments: z.array(
      z.object({
        imageId: z.string().check(z.regex(idPattern)),
        name: z.string(),
        role: z.enum(['subject', 'reference']),
      }),
    ),
  }),
);

/** Drafts by conversation: a reload, or a look into another conversation, loses nothing. */
export const draftStore = createStore<Record<string, Draft>>({});

export function draftOf(drafts: Record<string, Draft>, conversationId: string): Draft {
  return drafts[conversationId] ?? EMPTY;
}

const change = (conversationId: string, update: (draft: Draft) => Draft) =>
  draftStore.set((drafts) => ({ ...drafts, [conversationId]: update(draftOf(drafts, conversationId)) }));

export const changeAttachment = (conversationId: string, key: string, update: (attachment: Attachment) => Attachment) =>
  change(conversationId, (draft) => ({
    ...draft,
    attachments: draft.attachments.map((attachment) => (attachment.key === key ? update(attachment) : attachment)),
  }));

export function setDraftText(conversationId: string, text: string): void {
  change(conversationId, (draft) => ({ ...draft, text }));
}

export function clearDraft(conversationId: string): void {
  draftStore.set(({ [conversationId]: _sent, ...others }) => others);
}

export function removeAttachment(conversationId: string, key: string): void {
  change(conversationId, (draft) => ({
    ...draft,
    attachments: draft.attachments.filter((attachment) => attachment.key !== key),
  }));
}

/** Subject: the part that is asked about. Reference: a normal part to compare with. */
export function setAttachmentRole(conversationId: string, key: string, role: ImageRole): void {
  changeAttachment(conversationId, key, (attachment) => ({ ...attachment, role }));
}

/** Attaches an image that the server has already. */
export function attachKnown(
  conversationId: string,
  image: { imageId: string; name: string },
  role: ImageRole = 'subject',
): void {
  change(conversationId, (draft) =>
    draft.attachments.some(({ state }) => state.kind === 'ready' && state.imageId === image.imageId)
      ? draft
      : {
          ...draft,
          attachments: [
            ...draft.attachments,
            { key: crypto.randomUUID(), name: image.name, role, state: { kind: 'ready', imageId: image.imageId } },
          ],
        },
  );
}

/** Why a file is not even sent; null when it may be. */
export function refuse(file: Pick<File, 'name' | 'size'>): string | null {
  if (file.size === 0) {
    return `"${file.name}" is empty.`;
  }
  if (file.size > limits.imageBytes) {
    return `"${file.name}" has ${Math.ceil(file.size / 1024 / 1024)} MB; an image may have ${limits.imageBytes / 1024 / 1024} MB.`;
  }
  return null;
}

/** Attaches files: what a message can hold is uploaded, the rest is named, not dropped in silence. */
export function addFiles(conversationId: string, files: readonly File[], role: ImageRole = 'subject'): void {
  const room = limits.imagesPerMessage - draftOf(draftStore.get(), conversationId).attachments.length;
  const taken = files.slice(0, Math.max(0, room));
  if (files.length > taken.length) {
    notify.warning(
      `A message holds ${limits.imagesPerMessage} images: ${taken.length} of ${files.length} files were attached. Send them, then drop the others.`,
      { duration: 10_000 },
    );
  }
  for (const file of taken) {
    const key = crypto.randomUUID();
    const message = refuse(file);
    change(conversationId, (draft) => ({
      ...draft,
      attachments: [
        ...draft.attachments,
        {
          key,
          name: file.name,
          role,
          state: message ? { kind: 'failed', message, file } : { kind: 'uploading' },
        },
      ],
    }));
    if (!message) {
      upload(conversationId, key, file);
    }
  }
}

/** Uploads a failed file again. */
export function retryUpload(conversationId: string, key: string): void {
  const attachment = draftOf(draftStore.get(), conversationId).attachments.find((candidate) => candidate.key === key);
  if (attachment?.state.kind === 'failed') {
    const { file } = attachment.state;
    changeAttachment(conversationId, key, (failed) => ({ ...failed, state: { kind: 'uploading' } }));
    upload(conversationId, key, file);
  }
}

let running = 0;
const waiting: (() => void)[] = [];

/** Runs a task when fewer than two uploads are under way, so that a drop of many files does not choke the answers. */
async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  if (running >= UPLOADS_AT_ONCE) {
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
  try {
    return await task();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/** Uploads a file and remembers the image. Rejects with a sentence that names the file. */
export async function uploadFile(file: File): Promise<ImageInfo> {
  const refused = refuse(file);
  if (refused) {
    throw new Error(refused);
  }
  const info = await inTurn(() => api.uploadImage(file));
  rememberImage(info);
  refreshImages();
  return info;
}

function upload(conversationId: string, key: string, file: File): void {
  uploadFile(file).then(
    (info) =>
      changeAttachment(conversationId, key, (attachment) => ({
        ...attachment,
        state: {
          kind: 'ready',
          imageId: info.id,
          ...(info.pages > 1 && { stack: { imageId: info.id, pages: info.pages, page: 1 } }),
        },
      })),
    (error: unknown) => {
      const message = error instanceof ApiError ? error.message : `"${file.name}" could not be read. Choose it again.`;
      changeAttachment(conversationId, key, (attachment) => ({
        ...attachment,
        state: { kind: 'failed', message, file },
      }));
    },
  );
}

/** Brings back the drafts of the last visit and keeps them from now on. Only images that arrived can be kept. */
export function restoreDrafts(): void {
  try {
    const saved = z.safeParse(savedSchema, JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}'));
    if (saved.success) {
      draftStore.set(
        Object.fromEntries(
          Object.entries(saved.data).map(([id, { text, attachments }]) => [
            id,
            {
              text,
              attachments: attachments.map(({ imageId, name, role }) => ({
                key: crypto.randomUUID(),
                name,
                role,
                state: { kind: 'ready', imageId } as const,
              })),
            },
          ]),
        ),
      );
    }
  } catch (error) {
    console.warn('Saved drafts could not be read.', error);
  }
  draftStore.subscribe(() => {
    const entries = Object.entries(draftStore.get()).flatMap(([id, { text, attachments }]) => {
      const ready = attachments.flatMap(({ name, role, state }) =>
        state.kind === 'ready' ? [{ imageId: state.imageId, name, role }] : [],
      );
      return text || ready.length > 0 ? [[id, { text, attachments: ready }] as const] : [];
    });
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(entries)));
    } catch (error) {
      console.warn('The draft could not be remembered in this browser.', error);
    }
  });
}
