import * as z from 'zod/mini';

/** A conversation beside the chat pane. */
export const chatTab = z.object({ kind: z.literal('chat'), id: z.string(), conversationId: z.string() });
