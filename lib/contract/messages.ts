import type { UIMessage } from 'ai';
import { z } from 'zod';
import { errorCodeSchema } from './errors';
import { idSchema } from './ids';
import { dataPartSchemas, transientParts, type ChatDataParts, type TransientPartName } from './parts';

/**
 * State of a message. User messages are always `complete`. An answer is `running` while it is written, then `complete`;
 * `stopped` by its reader; `interrupted` by the end of the server; `failed` with `metadata.error`. All but `running`
 * can be regenerated.
 */
export const messageStateSchema = z.enum(['running', 'complete', 'stopped', 'interrupted', 'failed']);
export type MessageState = z.infer<typeof messageStateSchema>;

export const messageMetadataSchema = z.object({
  /**
   * The message this one follows; null for the first. Siblings (same parent) are the branches of an edit or a
   * regeneration.
   */
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

type StoredName = Exclude<keyof ChatDataParts, TransientPartName>;
/** A part that is stored with a message: its text, and every data part that is not transient. */
export type StoredPart =
  | { type: 'text'; text: string }
  | { [Name in StoredName]: { type: `data-${Name}`; data: ChatDataParts[Name] } }[StoredName];

const isStoredName = (name: string): name is StoredName => transientParts.every((transient) => transient !== name);

export const storedPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  ...Object.entries(dataPartSchemas)
    .filter(([name]) => isStoredName(name))
    .map(([name, data]) => z.object({ type: z.literal(`data-${name}`), data })),
]) as z.ZodType<StoredPart>;

export const storedMessageSchema = z.object({
  id: idSchema,
  role: z.enum(['user', 'assistant']),
  parts: z.array(storedPartSchema),
  metadata: messageMetadataSchema,
});
export type StoredMessage = z.infer<typeof storedMessageSchema>;
