import type { UIMessage } from 'ai';
import { z } from 'zod';
import { errorCodeSchema } from './errors';
import { idSchema } from './ids';
import { dataPartSchemas, type ChatDataParts } from './parts';

/**
 * State of a message. User messages are always `complete`. An answer is `running` while it is written, then `complete`;
 * `stopped` by its reader; `interrupted` by the end of the server; `failed` with `metadata.error`. All but `running` can be regenerated.
 */
export const messageStateSchema = z.enum(['running', 'complete', 'stopped', 'interrupted', 'failed']);
export type MessageState = z.infer<typeof messageStateSchema>;

export const messageMetadataSchema = z.object({
  /** The message this one follows; null for the first. Siblings (same parent) are the branches of an edit or a regeneration. */
  parentId: idSchema.nullable(),
  createdAt: z.iso.datetime(),
  state: messageStateSchema,
  /** Bundle that wrote the answer. */
  bundle: z.string().optional(),
  error: z.object({ code: errorCodeSchema, message: z.string() }).optional(),
});
export type MessageMetadata = z.infer<typeof messageMetadataSchema>;

/** The message of `useChat<ChatMessage>()`. */
export type ChatMessage = UIMessage<MessageMetadata, ChatDataParts>;
export type ChatPart = ChatMessage['parts'][number];

const stored = <Name extends keyof ChatDataParts>(name: Name) =>
  z.object({ type: z.literal(`data-${name}` as const), data: dataPartSchemas[name] });

/** Parts that are stored with a message (everything but the transient `data-status` and `data-glance`). */
export const storedPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  stored('image'),
  stored('inspection'),
  stored('notice'),
  stored('mask'),
  stored('findings'),
  stored('dataset'),
  stored('sheet'),
  stored('followups'),
  stored('sources'),
  stored('checklist'),
  stored('timings'),
  stored('engine'),
]);
export type StoredPart = z.infer<typeof storedPartSchema>;

export const storedMessageSchema = z.object({
  id: idSchema,
  role: z.enum(['user', 'assistant']),
  parts: z.array(storedPartSchema),
  metadata: messageMetadataSchema,
});
export type StoredMessage = z.infer<typeof storedMessageSchema>;
