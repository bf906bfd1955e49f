import { z } from 'zod';
import { storedMessageSchema, type StoredMessage } from '@/lib/contract';
import { gatherExport, imageIdsOf } from '@/lib/assistant/exports/gather';
import { listMessages } from '@/lib/database/messages';
import type { Owner } from '@/lib/database/owner';

/**
 * What a link shows. `contexts` are the turns' parts of the prompt, by message, for a copy that goes on; they are never
 * shown.
 */
const snapshotSchema = z.object({
  version: z.literal(1),
  title: z.string(),
  messages: z.array(storedMessageSchema),
  contexts: z.record(z.string(), z.unknown()),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/**
 * A branch of a conversation as it is now.
 * @param leafId its last message; null: the branch that is shown
 * @throws AppError not_found
 */
export async function takeSnapshot(owner: Owner, conversationId: string, leafId: string | null): Promise<Snapshot> {
  const { title, messages } = await gatherExport(owner, conversationId, leafId ?? undefined);
  const shown = new Set(messages.map(({ id }) => id));
  const rows = (await listMessages(conversationId)).filter(({ id, context }) => shown.has(id) && context !== null);
  return { version: 1, title, messages, contexts: Object.fromEntries(rows.map(({ id, context }) => [id, context])) };
}

/** A stored snapshot; null when it is of another version or damaged. */
export function readSnapshot(stored: unknown): Snapshot | null {
  const parsed = snapshotSchema.safeParse(stored);
  return parsed.success ? parsed.data : null;
}

/** The images that messages show, in the order in which they appear. */
export function shownImageIds(messages: readonly StoredMessage[]): string[] {
  return [...new Set(messages.flatMap(({ parts }) => parts.flatMap(imageIdsOf)))];
}
